package org.attune.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns tensors and frees their native memory when it closes.
 *
 * <p>A tensor belongs to the innermost open scope of the thread that made it. Three forms:
 *
 * <ul>
 *   <li>{@link #with} and {@link #use} open a scope around a piece of work; everything made in it
 *       is freed at its end, also when it throws, except what was {@linkplain #keep kept} for the
 *       scope outside;
 *   <li>{@link #open} does the same for try-with-resources;
 *   <li>{@link #owner} makes a scope that no thread is inside of, for weights and caches that
 *       outlive the work that made them; tensors enter it by {@link #adopt}.
 * </ul>
 *
 * <p>An open scope belongs to its thread. An owner may be shared by threads that do not adopt at
 * the same time.
 */
public final class TensorScope implements AutoCloseable {
  private static final AtomicLong LIVE = new AtomicLong();
  private static final ThreadLocal<@Nullable TensorScope> INNERMOST = new ThreadLocal<>();

  private final List<Tensor> tensors = new ArrayList<>();
  private final @Nullable TensorScope outer;
  private final boolean onThread;
  private boolean closed;

  private TensorScope(@Nullable TensorScope outer, boolean onThread) {
    this.outer = outer;
    this.onThread = onThread;
  }

  /** Opens a scope inside the thread's innermost one; close it with try-with-resources. */
  public static TensorScope open() {
    NativeRuntime.enter();
    TensorScope scope = new TensorScope(INNERMOST.get(), true);
    INNERMOST.set(scope);
    return scope;
  }

  /** Makes a scope for long-lived tensors, which enter it only by {@link #adopt}. */
  public static TensorScope owner() {
    return new TensorScope(null, false);
  }

  /**
   * Runs {@code work} in a scope of its own. A tensor it returns is kept for the scope outside,
   * unless an {@linkplain #owner owner} has adopted it.
   */
  public static <T> T with(Supplier<T> work) {
    try (TensorScope scope = open()) {
      T result = work.get();
      if (result instanceof Tensor tensor && tensor.owner() == scope) {
        scope.keep(tensor);
      }
      return result;
    }
  }

  /** Runs {@code work} in a scope of its own. */
  public static void use(Runnable work) {
    try (TensorScope scope = open()) {
      work.run();
    }
  }

  /** Tensors alive in the whole process. */
  public static long liveCount() {
    return LIVE.get();
  }

  /**
   * Hands {@code tensor} to the scope outside this one, so that it outlives this scope.
   *
   * @throws TensorException if there is no scope outside
   */
  public Tensor keep(Tensor tensor) {
    if (outer == null) {
      throw new TensorException(
          "No scope outside this one can own the tensor. Open one around the work, or adopt the tensor into TensorScope.owner().");
    }
    return outer.adopt(tensor);
  }

  /** Takes over {@code tensor} from the scope that owns it. */
  public Tensor adopt(Tensor tensor) {
    if (closed) {
      throw new TensorException("The scope is closed and can own no more tensors.");
    }
    tensor.owner().release(tensor);
    register(tensor);
    return tensor;
  }

  /** Frees every tensor of this scope. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (onThread) {
      if (INNERMOST.get() != this) {
        throw new TensorException(
            "A scope was closed on another thread, or before the scopes opened inside it.");
      }
      if (outer == null) {
        INNERMOST.remove();
      } else {
        INNERMOST.set(outer);
      }
    }
    // The newest first: results go before the arguments they were made from.
    for (int i = tensors.size() - 1; i >= 0; i--) {
      tensors.get(i).free();
    }
    LIVE.addAndGet(-tensors.size());
    tensors.clear();
  }

  /**
   * The thread's innermost scope, for what is made later, inside of others, and must live as long.
   *
   * @throws TensorException if no scope is open
   */
  public static TensorScope innermost() {
    TensorScope scope = INNERMOST.get();
    if (scope == null) {
      throw new TensorException(
          "No scope is open on this thread to own the tensor. Run the work in TensorScope.with(...) or use(...).");
    }
    return scope;
  }

  /** Records a tensor that was just made. */
  void own(Tensor tensor) {
    register(tensor);
    LIVE.incrementAndGet();
  }

  private void register(Tensor tensor) {
    tensor.ownedBy(this, tensors.size());
    tensors.add(tensor);
  }

  private void release(Tensor tensor) {
    int place = tensor.placeInOwner();
    Tensor last = tensors.remove(tensors.size() - 1);
    if (last != tensor) {
      tensors.set(place, last);
      last.ownedBy(this, place);
    }
  }
}
