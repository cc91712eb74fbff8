package org.attune.train.ppo;

/**
 * What is known of one response before the policy is changed; every array has one entry for each
 * response token.
 *
 * @param exchange the tokens
 * @param logProbs log π_old
 * @param referenceLogProbs log π_ref
 * @param kl the configured estimate of the divergence from the reference
 * @param values V_old, at the position that predicts the token
 */
record Rollout(
    Exchange exchange,
    double[] logProbs,
    double[] referenceLogProbs,
    double[] kl,
    double[] values) {

  int length() {
    return logProbs.length;
  }

  /** Σ of the tokens' KL. */
  double totalKl() {
    double sum = 0;
    for (double token : kl) {
      sum += token;
    }
    return sum;
  }

  /** Σ −log π_old: an estimate of the response's entropy. */
  double totalSurprise() {
    double sum = 0;
    for (double token : logProbs) {
      sum -= token;
    }
    return sum;
  }
}
