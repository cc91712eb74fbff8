package org.attune.model.weights;

import java.util.List;
import java.util.function.UnaryOperator;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * Products in a smaller type, with the number of rows rounded up.
 *
 * <p>The library that multiplies bfloat16 compiles code for every shape it meets, and keeps it.
 * Batches without padding have another number of rows each time, so a run would spend more time and
 * memory on compiling than on multiplying. Rounded to one of eight steps per doubling there are few
 * shapes, for at most an eighth more work on more than 64 rows.
 */
final class RoundedRows {
  private static final int STEPS_PER_DOUBLING = 8;
  private static final int FINEST_STEP = 8;

  private RoundedRows() {}

  /**
   * What {@code product} makes of {@code x} in {@code type}, in float32 and without the added rows.
   *
   * <p>Gradients flow into x; the added rows are zero and so are their gradients.
   *
   * @param x {@code [N, in]}
   * @param product of {@code [M, in]} to {@code [M, out]}, row by row
   * @return {@code [N, out]}
   */
  static Tensor multiplied(Tensor x, DType type, UnaryOperator<Tensor> product) {
    long rows = x.size(0);
    long added = rounded(rows) - rows;
    Tensor low = x.to(type);
    if (added == 0) {
      return product.apply(low).to(DType.FLOAT32);
    }
    Tensor filled = Tensor.concatenated(List.of(low, Tensor.zeros(type, added, x.size(1))), 0);
    return product.apply(filled).narrow(0, 0, rows).to(DType.FLOAT32);
  }

  static long rounded(long rows) {
    long step = Math.max(FINEST_STEP, Long.highestOneBit(rows) / STEPS_PER_DOUBLING);
    return (rows + step - 1) / step * step;
  }
}
