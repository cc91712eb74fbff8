package org.attune.train.evaluate;

/**
 * How much higher one model scores than another on the same prompts.
 *
 * <p>Prompts are resampled, each with both of its scores, so that what makes a prompt easy or hard
 * for both models does not widen the interval: a 95 % percentile interval of 2,000 resamples.
 */
public final class PairedBootstrap {
  private PairedBootstrap() {}

  /**
   * The mean of {@code scores − baseline}.
   *
   * @param baseline one score for each prompt
   * @param scores the other model's, in the same order
   * @throws IllegalArgumentException if there is none, or the counts differ
   */
  public static Estimate meanDifference(double[] baseline, double[] scores, long seed) {
    if (baseline.length != scores.length || scores.length == 0) {
      throw new IllegalArgumentException(
          "%,d scores cannot be compared with %,d scores of the baseline. Give both models the same prompts, at least one."
              .formatted(scores.length, baseline.length));
    }
    return Resamples.interval(
        scores.length,
        drawn -> {
          double sum = 0;
          for (int i = 0; i < drawn.length; i++) {
            sum += drawn[i] * (scores[i] - baseline[i]);
          }
          return sum / drawn.length;
        },
        seed);
  }
}
