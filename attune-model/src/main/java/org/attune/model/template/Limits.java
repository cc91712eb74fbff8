package org.attune.model.template;

/**
 * How much a template may do before it is stopped.
 *
 * @param maxSteps expressions, statements and items that are looked at
 * @param maxLength characters of a text, and entries of a list
 * @param maxDepth expressions and statements inside one another, macros that call macros included
 */
record Limits(long maxSteps, int maxLength, int maxDepth) {
  /** Operators that may follow one another; each nests one level deeper. */
  static final int MAX_CHAIN = 150;

  /** More than any conversation needs, and less than a second or two. */
  static final Limits USUAL = new Limits(20_000_000, 20_000_000, 1_000);
}
