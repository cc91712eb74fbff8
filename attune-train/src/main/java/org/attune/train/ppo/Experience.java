package org.attune.train.ppo;

/**
 * A rollout with what the policy and the critic are to learn from it; every array has one entry for
 * each response token.
 *
 * @param advantages A, whitened over the batch
 * @param returns R = A + V_old before whitening
 * @param rewards per-token rewards, KL penalty included
 */
record Experience(Rollout rollout, double[] advantages, double[] returns, double[] rewards) {}
