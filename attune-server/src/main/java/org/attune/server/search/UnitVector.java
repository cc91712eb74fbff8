package org.attune.server.search;

/**
 * A vector of length 1. The dot product of two of them is the cosine of what they were made from,
 * and takes a third of the time: the lengths are not computed at each comparison.
 */
final class UnitVector {

  private static final float[] NONE = {};

  private UnitVector() {}

  /** The vector of the same direction; an empty one for a vector of zeros, which has none. */
  static float[] of(float[] components) {
    double squares = 0;
    for (float component : components) {
      squares += (double) component * component;
    }
    if (squares == 0) {
      return NONE;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[components.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (components[i] / length);
    }
    return unit;
  }
}
