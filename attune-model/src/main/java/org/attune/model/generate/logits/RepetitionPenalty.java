package org.attune.model.generate.logits;

/**
 * Makes tokens that occurred, in the prompt or after it, less likely: l_i ← l_i / θ where l_i ≥ 0,
 * l_i ← l_i · θ where it is negative, once however often i occurred. Keskar et al. 2019
 * (arXiv:1909.05858), section 4.1, with the sign rule of {@code RepetitionPenaltyLogitsProcessor}
 * of transformers.
 */
public final class RepetitionPenalty implements LogitsProcessor {
  private final float penalty;
  private final OccurredTokens occurred;

  /**
   * @param penalty θ; above 1 discourages, below 1 encourages
   */
  public RepetitionPenalty(double penalty, int vocabularySize) {
    this.penalty = (float) penalty;
    occurred = new OccurredTokens(vocabularySize);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    occurred.forEach(
        history,
        0,
        (id, count) -> logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty);
  }
}
