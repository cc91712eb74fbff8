package org.attune.model.tokenizer;

/** Whether encoding adds the tokens that the tokenizer puts around a text, such as BOS. */
public enum SpecialTokens {
  ADD,
  NONE
}
