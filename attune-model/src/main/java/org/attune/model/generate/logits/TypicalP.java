package org.attune.model.generate.logits;

import java.util.Arrays;

/**
 * Keeps the tokens whose information content −log p is closest to the entropy of the distribution,
 * until their probability reaches the mass, and those as close as the last. Meister et al. 2022
 * (arXiv:2202.00666), section 4; {@code TypicalLogitsWarper} of transformers.
 */
public final class TypicalP implements ProbabilityFilter {
  private static final long ID = 0xffffffffL;

  private final double mass;
  private final int kept;

  /**
   * @param mass in (0, 1)
   * @param kept that many of the closest stay in any case
   */
  public TypicalP(double mass, int kept) {
    this.mass = mass;
    this.kept = kept;
  }

  @Override
  public void filter(TokenDistribution distribution) {
    long[] byDistance = byDistance(distribution);
    double[] weights = distribution.weights();
    double wanted = mass * distribution.total();
    double sum = 0;
    int last = 0;
    while (last < byDistance.length - 1 && sum + weights[id(byDistance[last])] < wanted) {
      sum += weights[id(byDistance[last++])];
    }
    double total = 0;
    for (int i = 0; i < byDistance.length; i++) {
      if (i < kept || byDistance[i] >>> 32 <= byDistance[last] >>> 32) {
        total += weights[id(byDistance[i])];
      } else {
        weights[id(byDistance[i])] = 0;
      }
    }
    distribution.total(total);
  }

  /** Distance and id in one number each, in order; the bits of positive floats grow with them. */
  private static long[] byDistance(TokenDistribution distribution) {
    double entropy = distribution.entropy();
    long[] keys = new long[distribution.size()];
    int count = 0;
    for (int id = 0; id < keys.length; id++) {
      if (distribution.has(id)) {
        float distance = (float) Math.abs(-Math.log(distribution.probability(id)) - entropy);
        keys[count++] = (long) Float.floatToRawIntBits(distance) << 32 | id;
      }
    }
    long[] present = Arrays.copyOf(keys, count);
    Arrays.sort(present);
    return present;
  }

  private static int id(long key) {
    return (int) (key & ID);
  }
}
