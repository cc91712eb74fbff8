package org.attune.train.ppo;

import org.attune.run.ppo.KlPenalty;
import org.attune.tensor.Tensor;

/**
 * How far the policy is from the reference at each response token, from what both give the token
 * that was sampled: log π − log π_ref, its absolute value or half its square; or from their whole
 * distributions: Σ π (log π − log π_ref). In nats. Ziegler et al. 2019 (arXiv:1909.08593), equation
 * 2.
 */
final class KlEstimate {
  private KlEstimate() {}

  /** Of each response token, {@code [m]}; no gradient is meant to flow. */
  static Tensor of(KlPenalty penalty, PolicyPass policy, PolicyPass reference) {
    if (penalty == KlPenalty.FULL) {
      return policy.logProbs().exp().times(policy.logProbs().minus(reference.logProbs())).sum(1);
    }
    return ofLogRatio(penalty, policy.tokenLogProbs().minus(reference.tokenLogProbs()));
  }

  private static Tensor ofLogRatio(KlPenalty penalty, Tensor logRatio) {
    return switch (penalty) {
      case KL -> logRatio;
      case ABS -> logRatio.abs();
      case MSE -> logRatio.squared().times(0.5);
      case FULL -> throw new IllegalArgumentException("FULL needs whole distributions.");
    };
  }
}
