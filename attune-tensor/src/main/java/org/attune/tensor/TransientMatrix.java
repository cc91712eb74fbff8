package org.attune.tensor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A frozen matrix {@code [out, in]} that exists only while something is multiplied with it: it is
 * made for the forward product, freed, and made again when the gradient of the input is computed.
 *
 * <p>The graph of an ordinary product keeps its matrix until the backward pass is over, so that all
 * matrices of a model would be in memory together. Here the product is computed outside the graph
 * and tied to its input by a number that is always 0; hooks along that tie put the right gradient
 * in place of its own:
 *
 * <pre>
 * x ── t ── t₀₀ ── k = id · t₀₀ ── 0 · k ─┐
 *                                         y = W x + 0
 * </pre>
 *
 * <p>Backward, the hook of y keeps ∂y; that of k answers 1, so that t receives {@code id}; that of
 * t finds the matrix by it and answers ∂y W. Libtorch allows few native callbacks, so all matrices
 * share these three.
 */
public final class TransientMatrix implements AutoCloseable {
  private static final Map<Integer, TransientMatrix> BY_ID = new ConcurrentHashMap<>();
  private static final AtomicInteger LAST_ID = new AtomicInteger();
  private static final ThreadLocal<@Nullable Kept> OUTPUT_GRADIENT = new ThreadLocal<>();

  private static final GradientHook KEEP = new GradientHook(TransientMatrix::keep);
  private static final GradientHook ONE = new GradientHook(gradient -> Tensor.full(1));
  private static final GradientHook REPLACE = new GradientHook(TransientMatrix::inputGradient);

  private final int id = LAST_ID.incrementAndGet();
  private final Supplier<Tensor> making;

  /**
   * A matrix.
   *
   * @param making makes it in float32, in the current scope; called on the thread that computes
   */
  public TransientMatrix(Supplier<Tensor> making) {
    this.making = making;
    BY_ID.put(id, this);
  }

  /** x Wᵀ for x {@code [N, in]}; the gradient reaches x alone. */
  public Tensor linear(Tensor x) {
    Tensor product =
        GradientMode.without(() -> TensorScope.with(() -> x.detached().linear(making.get(), null)));
    if (!x.requiresGradient() || !GradientMode.isRecording()) {
      return product;
    }
    Tensor t = x.view(x.shape());
    t.hook(REPLACE);
    Tensor k = t.select(0, 0).select(0, 0).times(id);
    k.hook(ONE);
    Tensor y = product.plus(k.times(0));
    y.hook(KEEP);
    return y;
  }

  /** The gradient of the latest output on this thread, until the input's is computed. */
  private record Kept(TensorScope owner, Tensor gradient) {}

  private static Tensor keep(Tensor gradient) {
    TensorScope owner = TensorScope.owner();
    OUTPUT_GRADIENT.set(new Kept(owner, owner.adopt(gradient.detached())));
    return gradient;
  }

  private static Tensor inputGradient(Tensor tagged) {
    TransientMatrix matrix = BY_ID.get((int) tagged.max().item());
    Kept kept = OUTPUT_GRADIENT.get();
    if (matrix == null || kept == null) {
      throw new TensorException(
          "A frozen matrix was closed before its backward pass. Close replicas after it.");
    }
    OUTPUT_GRADIENT.remove();
    try (TensorScope owner = kept.owner) {
      return kept.gradient.matmul(matrix.making.get());
    }
  }

  /** Ends its use; no backward pass may need it any more. */
  @Override
  public void close() {
    BY_ID.remove(id);
  }
}
