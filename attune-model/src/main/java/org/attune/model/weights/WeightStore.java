package org.attune.model.weights;

import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.TransientMatrix;
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
  private final List<TransientMatrix> transients = new ArrayList<>();

  private record HalfLeaf(Tensor leaf, Tensor gradient) {}

  WeightStore(Weights weights, boolean collecting) {
    if (collecting && weights.type() != DType.FLOAT32) {
      throw new IllegalStateException(
          "Weights in %s cannot be trained. Load the model in float32, or train an adapter of it."
              .formatted(weights.type()));
    }
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
          Tensor leaf = weights.viewIn(weights.flat(), names).detached().to(DType.FLOAT32);
          if (gradients != null) {
            leaf.collectGradientIn(weights.viewIn(gradients, names));
          }
          return owner.adopt(leaf);
        });
  }

  /** A table as it is kept, to read rows of. */
  Tensor table(String name) {
    if (weights.type() == DType.FLOAT32) {
      return leaf(name);
    }
    return TensorScope.with(() -> owner.adopt(weights.viewIn(weights.flat(), name).detached()));
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
    return weights.shape(name)[dimension];
  }

  boolean isQuantized(String name) {
    return weights.isQuantized(name);
  }

  /** A matrix as {@code [out, in]}, in the current scope. */
  Tensor frozen(String name, boolean transposed) {
    if (isQuantized(name)) {
      return weights.dequantized(name);
    }
    Tensor matrix = weights.get(name);
    return transposed ? matrix.transposed(0, 1) : matrix;
  }

  /** The product with quantized matrices side by side, whose values come and go with it. */
  Projection transientProduct(List<String> names) {
    TransientMatrix matrix =
        new TransientMatrix(
            () ->
                names.size() == 1
                    ? weights.dequantized(names.get(0))
                    : Tensor.concatenated(names.stream().map(weights::dequantized).toList(), 0));
    transients.add(matrix);
    return matrix::linear;
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
    transients.forEach(TransientMatrix::close);
    owner.close();
  }
}
