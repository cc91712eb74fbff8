package org.attune.train.reward;

import java.util.Map;

/**
 * What scores say about pairs, summed up so that parts of a step can be added.
 *
 * @param pairs how many
 * @param loss Σ of their losses
 * @param correct pairs whose chosen text has the larger reward; a tie is not correct
 * @param margin Σ (r⁺ − r⁻)
 * @param reward Σ (r⁺ + r⁻)
 * @param smallest the smallest reward of either side
 * @param largest the largest reward of either side
 */
record PairSums(
    long pairs,
    double loss,
    long correct,
    double margin,
    double reward,
    double smallest,
    double largest) {
  static final PairSums NONE =
      new PairSums(0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  static PairSums of(double loss, float[] chosen, float[] rejected) {
    PairSums sums = new PairSums(0, loss, 0, 0, 0, NONE.smallest, NONE.largest);
    for (int i = 0; i < chosen.length; i++) {
      double better = chosen[i];
      double worse = rejected[i];
      sums =
          sums.plus(
              new PairSums(
                  1,
                  0,
                  better > worse ? 1 : 0,
                  better - worse,
                  better + worse,
                  Math.min(better, worse),
                  Math.max(better, worse)));
    }
    return sums;
  }

  PairSums plus(PairSums other) {
    return new PairSums(
        pairs + other.pairs,
        loss + other.loss,
        correct + other.correct,
        margin + other.margin,
        reward + other.reward,
        Math.min(smallest, other.smallest),
        Math.max(largest, other.largest));
  }

  double meanLoss() {
    return loss / pairs;
  }

  double accuracy() {
    return (double) correct / pairs;
  }

  double meanMargin() {
    return margin / pairs;
  }

  /** Means and extremes by the names that TRL gives them. */
  Map<String, Double> metrics() {
    return Map.of(
        "loss",
        meanLoss(),
        "accuracy",
        accuracy(),
        "margin",
        meanMargin(),
        "min_reward",
        smallest,
        "mean_reward",
        reward / (2 * pairs),
        "max_reward",
        largest);
  }
}
