package org.attune.model.generate.logits;

/**
 * Keeps tokens of at least probability η = min(ε, √ε · e^−H), where H is the entropy of the
 * distribution: the flatter it is, the less likely tokens stay. Hewitt et al. 2022
 * (arXiv:2210.15191), equation 6; {@code EtaLogitsWarper} of transformers.
 */
public final class EtaCutoff implements ProbabilityFilter {
  private final double epsilon;
  private final int kept;

  /**
   * @param epsilon ε, in (0, 1)
   * @param kept that many of the likeliest stay in any case
   */
  public EtaCutoff(double epsilon, int kept) {
    this.epsilon = epsilon;
    this.kept = kept;
  }

  @Override
  public void filter(TokenDistribution distribution) {
    double eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-distribution.entropy()));
    distribution.removeBelow(eta * distribution.total(), kept);
  }
}
