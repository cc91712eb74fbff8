package org.attune.model.quantize;

/**
 * Positive scales as eight-bit codes of their distance from their mean, in blocks of 256 with one
 * float32 scale each. Dettmers et al. 2023 (arXiv:2305.14314), section 3, "Double Quantization".
 */
final class DoublyQuantizedScales implements AutoCloseable {
  private static final int BLOCK = 256;
  private static final NearestCode MAP = DynamicMap.signed();

  private final Codes codes;
  private final float[] blockScales;
  private final float mean;

  DoublyQuantizedScales(float[] scales) {
    double sum = 0;
    for (float scale : scales) {
      sum += scale;
    }
    mean = (float) (sum / scales.length);
    blockScales = new float[(scales.length + BLOCK - 1) / BLOCK];
    byte[] nearest = new byte[scales.length];
    for (int b = 0; b < blockScales.length; b++) {
      int end = Math.min(scales.length, (b + 1) * BLOCK);
      float largest = 0;
      for (int i = b * BLOCK; i < end; i++) {
        largest = Math.max(largest, Math.abs(scales[i] - mean));
      }
      blockScales[b] = largest;
      for (int i = b * BLOCK; i < end; i++) {
        nearest[i] = (byte) MAP.of(largest == 0 ? 0 : (scales[i] - mean) / largest);
      }
    }
    codes = new Codes(nearest);
  }

  /** The scales as far as their codes tell them. */
  float[] values() {
    byte[] nearest = new byte[(int) codes.count()];
    codes.buffer().get(nearest);
    float[] values = new float[nearest.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = MAP.value(nearest[i] & 0xff) * blockScales[i / BLOCK] + mean;
    }
    return values;
  }

  long bytes() {
    return codes.count() + Float.BYTES * (blockScales.length + 1L);
  }

  @Override
  public void close() {
    codes.close();
  }
}
