package org.attune.model.weights;

import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * Products of a few rows with a large matrix, as in generating: row by row.
 *
 * <p>Such a product takes as long as reading the matrix, and libtorch's product with a vector reads
 * it about three times as fast as its product with a matrix of one row. Pieces of the matrix stay
 * in the processor's cache from one row to the next.
 */
final class FewRows {
  /** As many as were measured to gain. */
  private static final int MOST_ROWS = 4;

  /** Smaller matrices are in the cache anyway. */
  private static final long SMALLEST_MATRIX = 1 << 18;

  /** What the cache of a processor holds beside what other threads need. */
  private static final long PIECE = 1 << 21;

  private FewRows() {}

  /** Whether the product is faster row by row. No gradient flows through it then. */
  static boolean fit(Tensor x, Tensor weight) {
    return x.rank() == 2
        && x.size(0) <= MOST_ROWS
        && weight.count() >= SMALLEST_MATRIX
        && x.type() == DType.FLOAT32;
  }

  /**
   * x Wᵀ.
   *
   * @param x {@code [M, in]}
   * @param weight {@code [out, in]}
   */
  static Tensor times(Tensor x, Tensor weight) {
    long rows = x.size(0);
    long outputs = weight.size(0);
    long piece = Math.max(1, PIECE / weight.size(1));
    Tensor product = Tensor.empty(DType.FLOAT32, rows, outputs);
    for (long from = 0; from < outputs; from += piece) {
      long count = Math.min(piece, outputs - from);
      Tensor part = weight.narrow(0, from, count);
      for (long row = 0; row < rows; row++) {
        product.select(0, row).narrow(0, from, count).copyInPlace(part.matmul(x.select(0, row)));
      }
    }
    return product;
  }
}
