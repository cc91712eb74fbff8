package org.attune.model.weights;

import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * One replica's leaves over one buffer of weights: they share its memory, and add their gradients,
 * if they collect any, to a buffer of the replica's own.
 */
final class WeightStore implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Weights weights;
  private final @Nullable Tensor gradients;
  private final List<HalfLeaf> halfLeaves = new ArrayList<>();

  private record HalfLeaf(Tensor leaf, Tensor gradient) {}

  WeightStore(Weights weights, boolean collecting) {
    this.weights = weights;
    gradients =
        collecting ? TensorScope.with(() -> owner.adopt(Tensor.zeros(weights.count()))) : null;
  }

  boolean has(String name) {
    return weights.has(name);
  }

  @Nullable Tensor gradients() {
    return gradients;
  }

  /** One weight, or several that lie one behind another, in float32. */
  Tensor leaf(String... names) {
    return TensorScope.with(
        () -> {
          Tensor leaf = weights.viewIn(weights.flat(), names).detached();
          if (gradients != null) {
            leaf.collectGradientIn(weights.viewIn(gradients, names));
          }
          return owner.adopt(leaf);
        });
  }

  /** As {@link #leaf}, in the type that products are computed in. */
  Tensor matrix(DType computeType, String... names) {
    if (computeType == DType.FLOAT32) {
      return leaf(names);
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

  long size(String name, int dimension) {
    return TensorScope.with(() -> weights.get(name).size(dimension));
  }

  /** A matrix as {@code [out, in]}, in the current scope. */
  Tensor frozen(String name, boolean transposed) {
    Tensor matrix = weights.get(name);
    return transposed ? matrix.transposed(0, 1) : matrix;
  }

  void collect() {
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

  @Override
  public void close() {
    owner.close();
  }
}
