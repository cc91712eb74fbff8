package org.attune.model.classify;

/**
 * A text that a model cannot score: one without tokens, or with more than the model was trained to
 * read.
 */
public final class UnscorableTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private UnscorableTextException(String message) {
    super(message);
  }

  /**
   * @param index the text's place in its list, from 0
   */
  static UnscorableTextException empty(int index) {
    return new UnscorableTextException(
        "Text %d has no tokens, and a score is read at the last one. Leave it out."
            .formatted(index + 1));
  }

  /**
   * @param index the text's place in its list, from 0
   */
  static UnscorableTextException tooLong(int index, int tokens, int maxLength) {
    return new UnscorableTextException(
        "Text %d has %,d tokens, but the model scores at most %,d (max_length in its attune.json). Shorten the text, or train the model with a larger reward.max-length."
            .formatted(index + 1, tokens, maxLength));
  }
}
