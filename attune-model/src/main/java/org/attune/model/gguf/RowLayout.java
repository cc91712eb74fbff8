package org.attune.model.gguf;

import java.nio.FloatBuffer;
import java.util.function.LongUnaryOperator;

/** Where the numbers of a GGUF row are in the tensor as transformers has it. */
sealed interface RowLayout {
  /**
   * Puts a row of the file where it belongs, as far as that is in {@code target}; may change {@code
   * values}.
   *
   * @param begin the index of the target's first element in the whole tensor
   */
  void put(long row, float[] values, long begin, FloatBuffer target);

  /** Gathers a row of the file. */
  void get(long row, WeightNumbers source, float[] values);

  private static void putOne(long at, float value, FloatBuffer target) {
    if (at >= 0 && at < target.remaining()) {
      target.put((int) (target.position() + at), value);
    }
  }

  static Strided ofRows(LongUnaryOperator row, long columns) {
    return new Strided(i -> row.applyAsLong(i) * columns, 1, 0);
  }

  /**
   * Rows of a matrix.
   *
   * @param first from the number of a row to the index of its first number
   * @param stride from one number of a row to the next
   * @param difference transformers' numbers less those of the file
   */
  record Strided(LongUnaryOperator first, long stride, float difference) implements RowLayout {
    @Override
    public void put(long row, float[] values, long begin, FloatBuffer target) {
      if (difference != 0) {
        for (int i = 0; i < values.length; i++) {
          values[i] += difference;
        }
      }
      long at = first.applyAsLong(row) - begin;
      if (stride == 1) {
        int skipped = (int) Math.min(values.length, Math.max(0, -at));
        int taken = (int) Math.min(values.length - skipped, target.remaining() - at - skipped);
        if (taken > 0) {
          target.put((int) (target.position() + at + skipped), values, skipped, taken);
        }
        return;
      }
      for (int i = 0; i < values.length; i++) {
        putOne(at + i * stride, values[i], target);
      }
    }

    @Override
    public void get(long row, WeightNumbers source, float[] values) {
      long at = first.applyAsLong(row);
      for (int i = 0; i < values.length; i++) {
        values[i] = source.get(at + i * stride) - difference;
      }
    }
  }

  /**
   * The only row of a vector.
   *
   * @param index from the place of a number in the file to that in transformers
   */
  record Vector(LongUnaryOperator index) implements RowLayout {
    @Override
    public void put(long row, float[] values, long begin, FloatBuffer target) {
      for (int i = 0; i < values.length; i++) {
        putOne(index.applyAsLong(i) - begin, values[i], target);
      }
    }

    @Override
    public void get(long row, WeightNumbers source, float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = source.get(index.applyAsLong(i));
      }
    }
  }
}
