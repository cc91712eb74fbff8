package org.attune.model.generate;

/** A prompt that leaves no room for a new token in the model's context. */
public final class PromptTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PromptTooLongException(int index, int tokens, int contextLength) {
    super(
        "Prompt %d has %,d tokens, but the model's context holds %,d, and at least one must stay free. Shorten the prompt."
            .formatted(index + 1, tokens, contextLength));
  }
}
