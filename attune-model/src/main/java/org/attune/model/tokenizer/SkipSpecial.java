package org.attune.model.tokenizer;

/** Whether decoding leaves special tokens out of the text. */
public enum SkipSpecial {
  YES,
  NO
}
