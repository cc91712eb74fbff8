package org.attune.model.generate.logits;

/** Changes the logits of the next token by what came before it. */
public interface LogitsProcessor {
  /**
   * Changes a row in place.
   *
   * @param logits of the whole vocabulary; −∞ where a token is forbidden
   */
  void process(float[] logits, TokenHistory history);
}
