package org.attune.model.weights;

import org.attune.model.dropout.Dropout;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * One low-rank change of a frozen matrix, as a forward pass computes it.
 *
 * <p>LoRA: W x + s B A x. Hu et al. 2022 (arXiv:2106.09685), equation 3. DoRA: (m / ‖W + s B A‖) (W
 * x + s B A x), with the norm of each output row taken as a constant. Liu et al. 2024
 * (arXiv:2402.09353), equation 5 and section 4.3. While training, A sees x with dropout; tables
 * have none.
 */
final class Delta {
  private final Tensor down; // A [r, in]
  private final Tensor up; // B [out, r]
  private final @Nullable Magnitude magnitude;
  private final double scaling;
  private final Dropout dropout;

  /** m {@code [out]}, and the frozen matrix {@code [out, in]} that its direction is of. */
  record Magnitude(Tensor values, FrozenMatrix frozen) {}

  /** A frozen matrix {@code [out, in]} in float32, in the current scope. */
  interface FrozenMatrix {
    Tensor get();
  }

  Delta(Tensor down, Tensor up, double scaling, Dropout dropout, @Nullable Magnitude magnitude) {
    this.down = down;
    this.up = up;
    this.scaling = scaling;
    this.dropout = dropout;
    this.magnitude = magnitude;
  }

  /** Whether it multiplies the frozen product, to which then no bias may have been added. */
  boolean rescales() {
    return magnitude != null;
  }

  /**
   * Brings a frozen product into its adapted form.
   *
   * @param product W x, {@code [N, out]}
   * @param x {@code [N, in]}
   */
  Tensor onto(Tensor product, Tensor x) {
    Tensor kept = dropout.of(x);
    Tensor low = kept.linear(down, null).times(scaling); // [N, r]
    if (magnitude == null) {
      return product.plusProduct(low, up.transposed(0, 1));
    }
    Tensor ratio = magnitude.values.dividedBy(norms(magnitude.frozen)); // [out]
    if (kept == x) {
      return product.plusProduct(low, up.transposed(0, 1)).times(ratio);
    }
    // as in PEFT, what the magnitude changes of W x is of the dropped x
    Tensor again = kept.linear(magnitude.frozen.get(), null);
    return product
        .plus(again.times(ratio.minus(1)))
        .plus(low.matmul(up.transposed(0, 1)).times(ratio));
  }

  /** Brings rows of a frozen table {@code [N, C]} into their adapted form. */
  Tensor ontoRows(Tensor rows, Tensor ids) {
    Tensor low = down.transposed(0, 1).embedding(ids).times(scaling); // [N, r]
    return rows.plusProduct(low, up.transposed(0, 1));
  }

  private Tensor norms(FrozenMatrix frozen) {
    return GradientMode.without(
        () -> TensorScope.with(() -> rowNorms(frozen.get(), up, down, scaling)));
  }

  /** ‖W + s B A‖ of each output row, {@code [out]}. */
  static Tensor rowNorms(Tensor frozen, Tensor up, Tensor down, double scaling) {
    return frozen.plus(up.matmul(down).times(scaling)).squared().sum(1).sqrt();
  }
}
