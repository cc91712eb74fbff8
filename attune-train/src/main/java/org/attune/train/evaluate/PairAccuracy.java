package org.attune.train.evaluate;

import java.util.List;

/**
 * The share of preference pairs in which a reward model scores the chosen text higher than the
 * rejected one; equal scores count half.
 *
 * <p>Pairs that are made of a set of texts share them: one text that the model misjudges spoils
 * every pair that it is in. Pairs are therefore no independent observations, and resampling them
 * would give an interval that is too narrow. Texts are resampled instead: a pair counts as often as
 * the product of how often its two texts were drawn.
 */
public final class PairAccuracy {
  /** A pair of texts, by their indices. */
  public record Pair(int chosen, int rejected) {}

  private PairAccuracy() {}

  /**
   * The accuracy with its 95 % percentile interval of 2,000 resamples of the texts.
   *
   * @param scores the model's score of each text
   * @throws IllegalArgumentException if there are no pairs
   */
  public static Estimate of(List<Pair> pairs, double[] scores, long seed) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "There are no pairs to measure the accuracy on. Give at least one.");
    }
    return Resamples.interval(
        scores.length,
        drawn -> {
          double right = 0;
          double all = 0;
          for (Pair pair : pairs) {
            double weight = (double) drawn[pair.chosen] * drawn[pair.rejected];
            all += weight;
            right += weight * (1 + Math.signum(scores[pair.chosen] - scores[pair.rejected])) / 2;
          }
          return all == 0 ? Double.NaN : right / all;
        },
        seed);
  }
}
