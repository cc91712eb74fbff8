package org.attune.model.weights;

import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * The view of {@link Weights} that one replica of a model computes with.
 *
 * <p>Frozen views only read. Collecting views are leaves that share memory with the weights and add
 * their gradients to a buffer of their own: no two threads add into the same gradient, and sums
 * come out in the same order every time.
 *
 * <p>With bfloat16 as the compute type, {@linkplain #linear linear layers} multiply in bfloat16
 * with a copy of the weights that all replicas share ({@link Weights#computeCopy}); everything
 * else, the sums of gradients included, stays in float32.
 */
public final class WeightViews implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Weights weights;
  private final DType computeType;
  private final @Nullable Tensor gradients;
  private final List<HalfLeaf> halfLeaves = new ArrayList<>();

  private record HalfLeaf(Tensor leaf, Tensor gradient) {}

  private WeightViews(Weights weights, DType computeType, boolean collecting) {
    this.weights = weights;
    this.computeType = computeType;
    gradients =
        collecting ? TensorScope.with(() -> owner.adopt(Tensor.zeros(weights.count()))) : null;
  }

  /** Views through which no gradient flows. */
  public static WeightViews frozen(Weights weights, DType computeType) {
    return new WeightViews(weights, computeType, false);
  }

  /** Views that collect gradients. */
  public static WeightViews collecting(Weights weights, DType computeType) {
    return new WeightViews(weights, computeType, true);
  }

  /** The collected gradients, laid out as {@link Weights#flat()}. */
  public Tensor gradients() {
    if (gradients == null) {
      throw new IllegalStateException("Frozen views collect no gradients.");
    }
    return gradients;
  }

  /** Whether the model has a weight of that name. */
  public boolean has(String name) {
    return weights.has(name);
  }

  /** One weight, or several that lie one behind another, in float32. */
  public Tensor get(String... names) {
    return TensorScope.with(
        () -> {
          Tensor leaf = weights.viewIn(weights.flat(), names).detached();
          if (gradients != null) {
            leaf.collectGradientIn(weights.viewIn(gradients, names));
          }
          return owner.adopt(leaf);
        });
  }

  /** x Wᵀ for matrices {@code [out, in]} that lie one behind another, without bias. */
  public Projection linear(String... weightNames) {
    Tensor weight = matrix(weightNames);
    return computeType == DType.FLOAT32
        ? x -> isForFewRows(x, weight) ? FewRows.times(x, weight) : x.linear(weight, null)
        : x -> x.to(computeType).linear(weight, null).to(DType.FLOAT32);
  }

  /** x Wᵀ + b. */
  public Projection linearWithBias(List<String> weightNames, List<String> biasNames) {
    Tensor weight = matrix(weightNames.toArray(new String[0]));
    Tensor bias = get(biasNames.toArray(new String[0]));
    return computeType == DType.FLOAT32
        ? x ->
            isForFewRows(x, weight) ? FewRows.times(x, weight).plus(bias) : x.linear(weight, bias)
        : x -> x.to(computeType).linear(weight, null).to(DType.FLOAT32).plus(bias);
  }

  /** x W + b for a matrix stored as {@code [in, out]}. */
  public Projection transposedLinear(String weightName, String biasName) {
    Tensor weight = matrix(weightName);
    Tensor bias = get(biasName);
    return computeType == DType.FLOAT32
        ? x ->
            isForFewRows(x, weight)
                ? FewRows.times(x, weight.transposed(0, 1)).plus(bias)
                : bias.plusProduct(x, weight)
        : x -> x.to(computeType).matmul(weight).to(DType.FLOAT32).plus(bias);
  }

  private boolean isForFewRows(Tensor x, Tensor weight) {
    return gradients == null && !x.requiresGradient() && FewRows.fit(x, weight);
  }

  /**
   * Adds gradients that were computed in bfloat16 to the collected ones; call after each backward
   * pass.
   */
  public void collect() {
    for (HalfLeaf half : halfLeaves) {
      TensorScope.use(
          () -> {
            if (half.leaf.hasGradient()) {
              half.gradient.addInPlace(half.leaf.gradient());
              half.leaf.dropGradient();
            }
          });
    }
  }

  private Tensor matrix(String... names) {
    if (computeType == DType.FLOAT32) {
      return get(names);
    }
    return TensorScope.with(
        () -> {
          Tensor leaf = weights.viewIn(weights.computeCopy(), names).detached();
          if (gradients != null) {
            leaf.collectGradient();
            halfLeaves.add(new HalfLeaf(leaf, owner.adopt(weights.viewIn(gradients, names))));
          }
          return owner.adopt(leaf);
        });
  }

  @Override
  public void close() {
    owner.close();
  }
}
