package org.attune.run.reward;

/** How prompt and completion become the tokens that a reward model reads. */
public enum Encoding {
  /** As two texts, with the tokenizer's separator between them; usual for encoders. */
  PAIR,
  /** As one text, the completion right after the prompt; usual for causal models. */
  CONCATENATE
}
