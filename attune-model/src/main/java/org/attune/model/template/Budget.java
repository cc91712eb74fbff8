package org.attune.model.template;

/** What is left to a template of its {@link Limits}. */
final class Budget {
  private static final int CHARACTERS_OF_A_STEP = 32;

  private final Limits limits;
  private long steps;
  private int depth;

  Budget(Limits limits) {
    this.limits = limits;
  }

  void spend(long more) {
    steps += more;
    if (steps > limits.maxSteps()) {
      throw Failure.of(
          "it has taken more than %,d steps. It may be endless; correct its loops or macros.",
          limits.maxSteps());
    }
  }

  /** Checks that a text or list may have this size. */
  void length(long size) {
    if (size > limits.maxLength()) {
      throw Failure.of(
          "it makes a text or list of %,d, and %,d is the most.", size, limits.maxLength());
    }
  }

  /** Pays for making or reading a text or list of this size. */
  void size(long size) {
    length(size);
    spend(size / CHARACTERS_OF_A_STEP);
  }

  void enter() {
    spend(1);
    if (++depth > limits.maxDepth()) {
      throw Failure.of(
          "it nests more than %,d levels deep. A macro or loop may call itself without end.",
          limits.maxDepth());
    }
  }

  void leave() {
    depth--;
  }
}
