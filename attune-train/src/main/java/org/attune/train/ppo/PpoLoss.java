package org.attune.train.ppo;

import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;

/**
 * The clipped surrogate objective of the policy and the clipped squared error of the critic.
 *
 * <p>L_π = mean max(−A ρ, −A clip(ρ, 1 − ε, 1 + ε)) with ρ = exp(log π − log π_old): Schulman et
 * al. 2017 (arXiv:1707.06347), equation 7. L_V = ½ mean max((V − R)², (clip(V, V_old ± ε_V) − R)²).
 * Total: L_π + c L_V. Means are over the M response tokens of a mini-batch; a part of it
 * contributes its sum over M.
 */
public final class PpoLoss {
  private final double clipRange;
  private final double clipRangeValue;
  private final double valueCoefficient;

  PpoLoss(double clipRange, double clipRangeValue, double valueCoefficient) {
    this.clipRange = clipRange;
    this.clipRangeValue = clipRangeValue;
    this.valueCoefficient = valueCoefficient;
  }

  /**
   * What was known of m response tokens before optimization; no gradient flows into any of it.
   *
   * @param logProbs log π_old, {@code [m]}
   * @param values V_old, {@code [m]}
   * @param advantages A, {@code [m]}
   * @param returns R, {@code [m]}
   */
  record Old(Tensor logProbs, Tensor values, Tensor advantages, Tensor returns) {}

  /**
   * The part's contribution.
   *
   * @param total to differentiate, {@code []}
   * @param sums figures for the statistics
   */
  record Result(Tensor total, Sums sums) {}

  /** Sums over a part's tokens, for the statistics of its mini-batch. */
  record Sums(
      double policyLoss,
      double valueLoss,
      double ratio,
      double clipped,
      double valueClipped,
      double approximateKl,
      double policyKl,
      double values,
      double squaredError) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** What a mini-batch that is not learned from reports. */
    Sums withoutLosses() {
      return new Sums(
          0, 0, ratio, clipped, valueClipped, approximateKl, policyKl, values, squaredError);
    }

    Sums plus(Sums other) {
      return new Sums(
          policyLoss + other.policyLoss,
          valueLoss + other.valueLoss,
          ratio + other.ratio,
          clipped + other.clipped,
          valueClipped + other.valueClipped,
          approximateKl + other.approximateKl,
          policyKl + other.policyKl,
          values + other.values,
          squaredError + other.squaredError);
    }
  }

  /**
   * @param logProbs log π of each token, {@code [m]}; gradients flow
   * @param values V at the position that predicts each token, {@code [m]}; gradients flow
   * @param tokens M, of the whole mini-batch
   */
  Result of(Tensor logProbs, Tensor values, Old old, long tokens) {
    Tensor logRatio = logProbs.minus(old.logProbs); // [m]
    Tensor ratio = logRatio.exp();
    Tensor unclipped = old.advantages.negated().times(ratio);
    Tensor clipped = old.advantages.negated().times(ratio.clamped(1 - clipRange, 1 + clipRange));
    Tensor policyLoss = unclipped.maximum(clipped).sum(); // []

    Tensor near =
        values.clamped(old.values.minus(clipRangeValue), old.values.plus(clipRangeValue)); // [m]
    Tensor error = values.minus(old.returns).squared();
    Tensor nearError = near.minus(old.returns).squared();
    Tensor valueLoss = error.maximum(nearError).sum().times(0.5); // []

    Tensor total = policyLoss.plus(valueLoss.times(valueCoefficient)).dividedBy((double) tokens);
    Sums sums =
        GradientMode.without(
            () ->
                new Sums(
                    policyLoss.item(),
                    valueLoss.item(),
                    ratio.sum().item(),
                    count(clipped.isGreaterThan(unclipped)),
                    count(nearError.isGreaterThan(error)),
                    logRatio.squared().sum().item() / 2,
                    logRatio.negated().sum().item(),
                    values.sum().item(),
                    error.sum().item()));
    return new Result(total, sums);
  }

  private static double count(Tensor where) {
    return where.sum().item();
  }
}
