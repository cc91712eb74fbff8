package org.attune.model.generate.logits;

/**
 * Keeps tokens that are at least m times as likely as the likeliest. Nguyen et al. 2024
 * (arXiv:2407.01082); {@code MinPLogitsWarper} of transformers.
 */
public final class MinP implements ProbabilityFilter {
  private final double share;
  private final int kept;

  /**
   * @param share m, in [0, 1]
   * @param kept that many of the likeliest stay in any case
   */
  public MinP(double share, int kept) {
    this.share = share;
    this.kept = kept;
  }

  @Override
  public void filter(TokenDistribution distribution) {
    distribution.removeBelow(share * distribution.largestWeight(), kept);
  }
}
