package org.attune.run.sft;

/** How rows are laid into sequences of {@code max-length} tokens. */
public enum Packing {
  /** One row, one sequence; shorter ones are padded to the longest of their batch. */
  NONE,
  /** Best fit decreasing: whole rows share a sequence without seeing each other. */
  BFD,
  /** Rows are joined and cut every {@code max-length} tokens, as in pre-training. */
  WRAPPED
}
