package org.attune.model.generate;

/** A prompt that leaves no room for a new token. */
public final class PromptTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PromptTooLongException(int index, int tokens, int contextLength, int maxLength) {
    super(
        tokens >= contextLength
            ? "Prompt %d has %,d tokens, but the model's context holds %,d, and at least one must stay free. Shorten the prompt."
                .formatted(index + 1, tokens, contextLength)
            : "Prompt %d has %,d tokens, but max-length is %,d, and at least one must stay free. Shorten the prompt, or give max-new-tokens instead."
                .formatted(index + 1, tokens, maxLength));
  }
}
