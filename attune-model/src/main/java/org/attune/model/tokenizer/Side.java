package org.attune.model.tokenizer;

/** An end of a sequence: where tokens are cut off or filled in. */
public enum Side {
  /** The start. */
  LEFT,
  /** The end. */
  RIGHT
}
