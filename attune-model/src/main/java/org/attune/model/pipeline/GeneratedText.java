package org.attune.model.pipeline;

/**
 * A prompt and what a model wrote behind it.
 *
 * @param completion the new text only
 */
public record GeneratedText(String prompt, String completion) {
  /** The whole text. */
  public String full() {
    return prompt + completion;
  }
}
