package org.attune.model.weights;

import org.attune.tensor.Crew;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * x Wᵀ in a smaller type, in pieces of the outputs that a {@link Crew} shares; they depend on the
 * matrix alone.
 */
final class SharedProduct {
  /** Elements of the matrix in a piece, so that it takes longer than handing it over. */
  private static final long PIECE = 1 << 20;

  private static final long SMALLEST_MATRIX = 1 << 18;

  private SharedProduct() {}

  /** Whether there is a crew and work enough for it; no gradient flows through the product then. */
  static boolean fits(Tensor x, Tensor matrix) {
    return Crew.isLed()
        && matrix.count() >= SMALLEST_MATRIX
        && !x.requiresGradient()
        && !matrix.requiresGradient();
  }

  /**
   * The product.
   *
   * @param x {@code [M, in]}
   * @param matrix {@code [out, in]}
   * @return {@code [M, out]}
   */
  static Tensor of(Tensor x, Tensor matrix) {
    long outputs = matrix.size(0);
    int pieces = Math.toIntExact(2 * ((matrix.count() + 2 * PIECE - 1) / (2 * PIECE)));
    Tensor product = Tensor.empty(x.type(), x.size(0), outputs);
    Crew.share(
        pieces,
        i ->
            TensorScope.use(
                () -> {
                  long from = outputs * i / pieces;
                  long count = outputs * (i + 1) / pieces - from;
                  Tensor part = x.linear(matrix.narrow(0, from, count), null);
                  product.narrow(1, from, count).copyInPlace(part);
                }));
    return product;
  }
}
