package org.attune.model.generate.logits;

/**
 * Makes tokens that were written after the prompt less likely: l_i ← l_i − c_i · α_f − [c_i &gt; 0]
 * · α_p, where c_i counts how often i was written. The presence and frequency penalties of OpenAI's
 * API and of vLLM; tokens of the prompt do not count, and transformers has neither.
 */
public final class OccurrencePenalty implements LogitsProcessor {
  private final double presence;
  private final double frequency;
  private final OccurredTokens occurred;

  /**
   * @param presence α_p, for having been written at all
   * @param frequency α_f, for each time
   */
  public OccurrencePenalty(double presence, double frequency, int vocabularySize) {
    this.presence = presence;
    this.frequency = frequency;
    occurred = new OccurredTokens(vocabularySize);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    occurred.forEach(
        history,
        history.promptLength(),
        (id, count) -> logits[id] -= (float) (presence + count * frequency));
  }
}
