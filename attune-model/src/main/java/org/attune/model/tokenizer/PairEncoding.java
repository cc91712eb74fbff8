package org.attune.model.tokenizer;

/** How a prompt and a completion become the one sequence that a score head reads. */
public enum PairEncoding {
  /** As the tokenizer encodes two texts, with its separators; what encoders were trained on. */
  PAIR,
  /** As one text, the completion right behind the prompt; what causal models were trained on. */
  CONCATENATE
}
