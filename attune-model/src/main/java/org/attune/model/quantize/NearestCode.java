package org.attune.model.quantize;

/**
 * An ascending table of values, and which of them is nearest to another value; the lower one of two
 * that are equally near.
 */
final class NearestCode {
  private final float[] values;
  private final float[] borders;

  NearestCode(float... values) {
    this.values = values.clone();
    borders = new float[values.length - 1];
    for (int i = 0; i < borders.length; i++) {
      borders[i] = (values[i] + values[i + 1]) / 2;
    }
  }

  float value(int code) {
    return values[code];
  }

  int of(float value) {
    int low = 0;
    int high = borders.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (value > borders[middle]) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
