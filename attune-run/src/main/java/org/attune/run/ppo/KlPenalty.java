package org.attune.run.ppo;

/** Estimator of a token's KL divergence from the reference model. */
public enum KlPenalty {
  /** Difference of the log-probabilities. */
  KL,
  /** Its absolute value. */
  ABS,
  /** Half of its square. */
  MSE,
  /** The exact divergence, summed over the vocabulary. */
  FULL
}
