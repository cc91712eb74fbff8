package org.attune.model.quantize;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * A matrix in eight bits: each value is a whole number of −127 to 127, times 1/127 of the largest
 * magnitude of its output row.
 *
 * <p>Dettmers et al. 2022 (arXiv:2208.07339), section 2, for the weights. The inputs are not
 * quantized, so their outliers need no path of their own.
 */
final class Int8Matrix implements QuantizedMatrix {
  private static final float LARGEST = 127;

  private final int rows;
  private final int columns;
  private final Codes codes;
  private final float[] scales;

  private Int8Matrix(int rows, int columns, Codes codes, float[] scales) {
    this.rows = rows;
    this.columns = columns;
    this.codes = codes;
    this.scales = scales;
  }

  /** Quantizes a contiguous float32 matrix. */
  static Int8Matrix of(Tensor matrix) {
    int rows = Math.toIntExact(matrix.size(0));
    int columns = Math.toIntExact(matrix.size(1));
    FloatBuffer values = matrix.floats();
    byte[] nearest = new byte[Math.multiplyExact(rows, columns)];
    float[] scales = new float[rows];
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      values.get(row);
      float largest = 0;
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
      scales[r] = largest;
      float factor = largest == 0 ? 0 : LARGEST / largest;
      for (int c = 0; c < columns; c++) {
        nearest[r * columns + c] = (byte) Math.rint(row[c] * factor);
      }
    }
    return new Int8Matrix(rows, columns, new Codes(nearest), scales);
  }

  @Override
  public Tensor dequantized() {
    Tensor matrix = Tensor.empty(DType.FLOAT32, rows, columns);
    FloatBuffer target = matrix.floats();
    ByteBuffer source = codes.buffer();
    byte[] stored = new byte[columns];
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      source.get(stored);
      float step = scales[r] / LARGEST;
      for (int c = 0; c < columns; c++) {
        row[c] = stored[c] * step;
      }
      target.put(row);
    }
    return matrix;
  }

  @Override
  public long bytes() {
    return codes.count() + (long) Float.BYTES * rows;
  }

  @Override
  public void close() {
    codes.close();
  }
}
