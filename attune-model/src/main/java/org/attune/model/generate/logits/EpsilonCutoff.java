package org.attune.model.generate.logits;

/**
 * Keeps tokens of at least probability ε. Hewitt et al. 2022 (arXiv:2210.15191), section 4.1;
 * {@code EpsilonLogitsWarper} of transformers.
 */
public final class EpsilonCutoff implements ProbabilityFilter {
  private final double epsilon;
  private final int kept;

  /**
   * @param epsilon ε, in (0, 1)
   * @param kept that many of the likeliest stay in any case
   */
  public EpsilonCutoff(double epsilon, int kept) {
    this.epsilon = epsilon;
    this.kept = kept;
  }

  @Override
  public void filter(TokenDistribution distribution) {
    distribution.removeBelow(epsilon * distribution.total(), kept);
  }
}
