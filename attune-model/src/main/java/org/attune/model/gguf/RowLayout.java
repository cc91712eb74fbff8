package org.attune.model.gguf;

import java.nio.FloatBuffer;
import java.util.function.LongUnaryOperator;

/** Where the numbers of a GGUF row are in the tensor as transformers has it. */
sealed interface RowLayout {
  /** Puts a row of the file where it belongs; may change {@code values}. */
  void put(long row, float[] values, FloatBuffer target);

  /** Gathers a row of the file. */
  void get(long row, FloatBuffer source, float[] values);

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
    public void put(long row, float[] values, FloatBuffer target) {
      int at = target.position() + Math.toIntExact(first.applyAsLong(row));
      if (difference != 0) {
        for (int i = 0; i < values.length; i++) {
          values[i] += difference;
        }
      }
      if (stride == 1) {
        target.put(at, values, 0, values.length);
        return;
      }
      for (int i = 0; i < values.length; i++) {
        target.put(at + Math.toIntExact(i * stride), values[i]);
      }
    }

    @Override
    public void get(long row, FloatBuffer source, float[] values) {
      int at = source.position() + Math.toIntExact(first.applyAsLong(row));
      for (int i = 0; i < values.length; i++) {
        values[i] = source.get(at + Math.toIntExact(i * stride)) - difference;
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
    public void put(long row, float[] values, FloatBuffer target) {
      for (int i = 0; i < values.length; i++) {
        target.put(target.position() + Math.toIntExact(index.applyAsLong(i)), values[i]);
      }
    }

    @Override
    public void get(long row, FloatBuffer source, float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = source.get(source.position() + Math.toIntExact(index.applyAsLong(i)));
      }
    }
  }
}
