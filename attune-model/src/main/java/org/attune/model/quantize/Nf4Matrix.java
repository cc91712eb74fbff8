package org.attune.model.quantize;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * A matrix in NormalFloat4: each value is the nearest of 16 levels, times the largest magnitude of
 * its block of 64. The levels are quantiles of the normal distribution, 0 and ±1 among them.
 *
 * <p>Dettmers et al. 2023 (arXiv:2305.14314), section 3 and appendix E; levels and layout are those
 * of bitsandbytes: blocks run through the rows, the first of two codes is in the upper four bits.
 * The scales are {@linkplain DoublyQuantizedScales quantized again}: 0.516 bytes a value in all.
 */
final class Nf4Matrix implements QuantizedMatrix {
  private static final int BLOCK = 64;
  private static final NearestCode LEVELS =
      new NearestCode(
          -1.0f,
          -0.6961928f,
          -0.52507305f,
          -0.3949175f,
          -0.28444138f,
          -0.18477343f,
          -0.091050036f,
          0.0f,
          0.0795803f,
          0.1609302f,
          0.2461123f,
          0.33791524f,
          0.44070983f,
          0.562617f,
          0.72295684f,
          1.0f);

  private final long[] shape;
  private final int count;
  private final Codes codes;
  private final DoublyQuantizedScales scales;

  private Nf4Matrix(long[] shape, int count, Codes codes, DoublyQuantizedScales scales) {
    this.shape = shape;
    this.count = count;
    this.codes = codes;
    this.scales = scales;
  }

  /** Quantizes a contiguous float32 matrix. */
  static Nf4Matrix of(Tensor matrix) {
    int count = Math.toIntExact(matrix.count());
    FloatBuffer values = matrix.floats();
    byte[] packed = new byte[(count + 1) / 2];
    float[] scales = new float[(count + BLOCK - 1) / BLOCK];
    float[] block = new float[BLOCK];
    for (int b = 0; b < scales.length; b++) {
      int length = Math.min(BLOCK, count - b * BLOCK);
      values.get(b * BLOCK, block, 0, length);
      float largest = 0;
      for (int i = 0; i < length; i++) {
        largest = Math.max(largest, Math.abs(block[i]));
      }
      scales[b] = largest;
      for (int i = 0; i < length; i++) {
        int code = LEVELS.of(largest == 0 ? 0 : block[i] / largest);
        int at = b * BLOCK + i;
        packed[at / 2] |= (byte) (at % 2 == 0 ? code << 4 : code);
      }
    }
    return new Nf4Matrix(
        matrix.shape(), count, new Codes(packed), new DoublyQuantizedScales(scales));
  }

  @Override
  public Tensor dequantized() {
    Tensor matrix = Tensor.empty(DType.FLOAT32, shape);
    FloatBuffer target = matrix.floats();
    ByteBuffer source = codes.buffer();
    float[] largest = scales.values();
    float[] levels = new float[16];
    float[] block = new float[BLOCK];
    byte[] packed = new byte[BLOCK / 2];
    for (int b = 0; b < largest.length; b++) {
      for (int code = 0; code < levels.length; code++) {
        levels[code] = LEVELS.value(code) * largest[b];
      }
      int length = Math.min(BLOCK, count - b * BLOCK);
      source.get(packed, 0, (length + 1) / 2);
      for (int i = 0; i < length; i++) {
        int both = packed[i / 2] & 0xff;
        block[i] = levels[i % 2 == 0 ? both >> 4 : both & 15];
      }
      target.put(block, 0, length);
    }
    return matrix;
  }

  @Override
  public long bytes() {
    return codes.count() + scales.bytes();
  }

  @Override
  public void close() {
    codes.close();
    scales.close();
  }
}
