package org.attune.model.generate.logits;

import java.util.Arrays;

/**
 * Finds the smallest set of the likeliest tokens of a given total, with all that are as likely as
 * its last, without sorting all. Tokens are counted into buckets by the order of magnitude of their
 * weight, and only the bucket in which the total is reached is sorted.
 */
final class Nucleus {
  private static final int BUCKETS_PER_DOUBLING = 256;

  /** Down to weights that make no difference in a sum. */
  private static final int DOUBLINGS = 64;

  private static final int BUCKETS = BUCKETS_PER_DOUBLING * DOUBLINGS;

  private final double[] sums = new double[BUCKETS];

  /**
   * Takes out the tokens outside the set.
   *
   * @param probability of the set, in (0, 1)
   * @param kept that many of the likeliest stay in any case
   */
  void keep(TokenDistribution distribution, double probability, int kept) {
    double[] weights = distribution.weights();
    double largest = distribution.largestWeight();
    Arrays.fill(sums, 0);
    for (double weight : weights) {
      sums[bucket(weight / largest)] += weight;
    }
    double wanted = probability * distribution.total();
    double sum = 0;
    int last = 0;
    while (last < BUCKETS - 1 && sum + sums[last] < wanted) {
      sum += sums[last++];
    }
    distribution.removeBelow(leastOf(weights, largest, last, wanted - sum), kept);
  }

  /** The smallest weight of a bucket that is needed to make its share of the sum. */
  private static double leastOf(double[] weights, double largest, int bucket, double share) {
    double[] members = new double[64];
    int member = 0;
    for (double weight : weights) {
      if (bucket(weight / largest) == bucket) {
        if (member == members.length) {
          members = Arrays.copyOf(members, 2 * member);
        }
        members[member++] = weight;
      }
    }
    Arrays.sort(members, 0, member);
    double least = 0;
    for (double sum = 0; member > 0 && sum < share; sum += least) {
      least = members[--member];
    }
    return least;
  }

  /**
   * 0 for the largest weights. The bits of a positive double grow with its logarithm, linearly
   * within each doubling, so no logarithm is needed.
   */
  private static int bucket(double weight) {
    long below = Double.doubleToRawLongBits(1) - Double.doubleToRawLongBits(weight);
    return (int) Math.min(below >>> 44, BUCKETS - 1);
  }
}
