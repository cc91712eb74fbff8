package org.attune.model.pipeline;

/** A text that a model cannot read: one without tokens, or with more than it may have. */
public final class UnreadableTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private UnreadableTextException(String message) {
    super(message);
  }

  /**
   * @param index the text's place in its list, from 0
   */
  static UnreadableTextException empty(int index) {
    return new UnreadableTextException(
        "Text %d has no tokens, so there is nothing to read. Leave it out.".formatted(index + 1));
  }

  /**
   * @param index the text's place in its list, from 0
   */
  static UnreadableTextException tooLongToScore(int index, int tokens, int maxLength) {
    return new UnreadableTextException(
        "Text %d has %,d tokens, but the model scores at most %,d (max_length in its attune.json). Shorten the text, or train the model with a larger reward.max-length."
            .formatted(index + 1, tokens, maxLength));
  }

  /**
   * @param index the text's place in its list, from 0
   */
  static UnreadableTextException tooLong(int index, int tokens, int contextLength) {
    return new UnreadableTextException(
        "Text %d has %,d tokens, but the model reads at most %,d. Shorten it, or cut it in parts."
            .formatted(index + 1, tokens, contextLength));
  }
}
