package org.attune.model.dropout;

/**
 * Random numbers that are computed from what they are for, so that nobody has to remember how many
 * were drawn before. SplitMix64: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators", figures 16 and 17.
 */
final class RandomBits {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private RandomBits() {}

  /** The key of one of the things that {@code key} is the key of. */
  static long key(long key, long index) {
    return mixed(key + (index + 1) * GOLDEN_GAMMA);
  }

  /**
   * Draws elements that are 0 with a given probability, and else 1.
   *
   * @param count how many elements of {@code target} to draw, from its first on
   * @param zeros the probability, times 2³²
   */
  static void draw(byte[] target, int count, long key, long zeros) {
    int pairs = count / 2;
    for (int i = 0; i < pairs; i++) { // one number of 64 bits decides on two elements
      long bits = mixed(key + (i + 1) * GOLDEN_GAMMA);
      target[2 * i] = isAtLeast(bits & 0xFFFFFFFFL, zeros);
      target[2 * i + 1] = isAtLeast(bits >>> 32, zeros);
    }
    if (count % 2 == 1) {
      target[count - 1] = isAtLeast(key(key, pairs) & 0xFFFFFFFFL, zeros);
    }
  }

  private static byte isAtLeast(long drawn, long zeros) {
    return (byte) ((zeros - 1 - drawn) >>> 63); // the sign, without a branch
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
