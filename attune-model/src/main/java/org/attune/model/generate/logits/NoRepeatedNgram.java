package org.attune.model.generate.logits;

/**
 * Forbids the token that would complete a run of n tokens which has occurred before, in the prompt
 * or after it. Paulus et al. 2017 (arXiv:1705.04304), section 2.5; {@code
 * NoRepeatNGramLogitsProcessor} of transformers.
 */
public final class NoRepeatedNgram implements LogitsProcessor {
  private final int before;

  /**
   * @param size n; 1 forbids every token that occurred
   */
  public NoRepeatedNgram(int size) {
    before = size - 1;
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    for (int place = before; place < history.length(); place++) {
      int id = history.id(place);
      if (id < logits.length && history.repeatsNewest(place, before)) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
