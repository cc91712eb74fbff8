package org.attune.train.ppo;

import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws lengths uniformly from {@code min} to {@code max} − 1, as TRL's sampler of that name does.
 */
public final class LengthSampler implements IntSupplier {
  private final int min;
  private final int max;
  private final RandomGenerator random;

  /**
   * @param min the shortest length
   * @param max one more than the longest
   */
  public LengthSampler(int min, int max, long seed) {
    if (min < 1 || max <= min) {
      throw new IllegalArgumentException(
          "Lengths need 0 < min < max but min was %d and max %d; max is exclusive."
              .formatted(min, max));
    }
    this.min = min;
    this.max = max;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Override
  public int getAsInt() {
    return random.nextInt(min, max);
  }
}
