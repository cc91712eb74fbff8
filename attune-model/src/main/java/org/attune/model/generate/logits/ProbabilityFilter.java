package org.attune.model.generate.logits;

/** Takes unlikely tokens out of a distribution; never all of them. */
public interface ProbabilityFilter {
  void filter(TokenDistribution distribution);
}
