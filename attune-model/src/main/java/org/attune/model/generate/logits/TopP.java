package org.attune.model.generate.logits;

/**
 * Keeps the smallest set of the likeliest tokens whose probability reaches p, and those that are as
 * likely as its last. Holtzman et al. 2020 (arXiv:1904.09751), section 3.1; {@code
 * TopPLogitsWarper} of transformers, which keeps some of the equally likely, as its sort happens to
 * place them.
 */
public final class TopP implements ProbabilityFilter {
  private final double probability;
  private final int kept;
  private final Nucleus nucleus = new Nucleus();

  /**
   * @param probability p, in (0, 1)
   * @param kept that many of the likeliest stay in any case
   */
  public TopP(double probability, int kept) {
    this.probability = probability;
    this.kept = kept;
  }

  @Override
  public void filter(TokenDistribution distribution) {
    nucleus.keep(distribution, probability, kept);
  }
}
