package org.attune.model.adapter;

import org.attune.model.weights.WeightUse;
import org.attune.model.weights.Weights;
import org.attune.tensor.Tensor;

/**
 * Low-rank changes added to the matrices that they change, in float32: W + s B A, with DoRA scaled
 * to the trained row norms.
 */
record LowRankMerge(Weights trained, Weights base) {

  /** Changes the base's matrix. */
  void apply(LoraTarget target) {
    Tensor matrix = base.get(target.weight());
    Tensor sum = oriented(target).plus(added(target));
    String magnitude = target.magnitude();
    Tensor merged =
        magnitude == null
            ? sum
            : sum.times(trained.get(magnitude).dividedBy(norms(sum)).unsqueezed(1));
    matrix.copyInPlace(target.use() == WeightUse.LINEAR ? merged : merged.transposed(0, 1));
  }

  /** ‖W + s B A‖ of each output row. */
  Tensor rowNorms(LoraTarget target) {
    return norms(oriented(target).plus(added(target)));
  }

  private static Tensor norms(Tensor matrix) {
    return matrix.squared().sum(1).sqrt();
  }

  /** The matrix as {@code [out, in]}. */
  private Tensor oriented(LoraTarget target) {
    Tensor matrix = base.get(target.weight());
    return target.use() == WeightUse.LINEAR ? matrix : matrix.transposed(0, 1);
  }

  private Tensor added(LoraTarget target) {
    return trained.get(target.up()).matmul(trained.get(target.down())).times(target.scaling());
  }
}
