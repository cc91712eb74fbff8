package org.attune.run;

/** How the frozen model is kept in memory while an adapter is trained. */
public enum BaseQuantization {
  /** Four bits for each value of its linear layers (QLoRA). */
  NF4,
  /** Eight bits. */
  INT8
}
