package org.attune.model.quantize;

import java.util.Arrays;

/**
 * The 256 values of an eight-bit number whose exponent takes as many bits as it needs: dense near
 * 0, sparse near ±1. Dettmers 2016 (arXiv:1511.04561), section 2; Dettmers et al. 2022
 * (arXiv:2110.02861), section 2.1.
 */
final class DynamicMap {
  private static final int EXPONENTS = 7;

  private DynamicMap() {}

  /** For exponent e of 0 to 6: ±10^(e−6) times the middles of 2^e equal parts of [0.1, 1]. */
  static NearestCode signed() {
    float[] values = new float[256];
    int at = 0;
    for (int e = 0; e < EXPONENTS; e++) {
      int parts = 1 << e;
      double scale = Math.pow(10, (double) e - (EXPONENTS - 1));
      for (int i = 0; i < parts; i++) {
        double middle = 0.1 + 0.9 * (i + 0.5) / parts;
        values[at++] = (float) (scale * middle);
        values[at++] = (float) (-scale * middle);
      }
    }
    values[at++] = 0;
    values[at] = 1;
    Arrays.sort(values);
    return new NearestCode(values);
  }
}
