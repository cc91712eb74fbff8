package org.attune.train.rows;

import java.util.Arrays;

/**
 * One sequence to learn from.
 *
 * @param source token ids of the prompt that an encoder reads beside the sequence; none of a causal
 *     model
 * @param ids token ids; where an encoder reads the prompt, those of the decoder
 * @param isLearned true where the loss counts the token's prediction from those before it; the
 *     first token is predicted from nothing and never counts
 */
public record Example(int[] source, int[] ids, boolean[] isLearned) {
  private static final int[] NONE = {};

  public Example {
    if (ids.length != isLearned.length) {
      throw new IllegalArgumentException(
          "%d ids do not fit %d flags.".formatted(ids.length, isLearned.length));
    }
  }

  /** A sequence that stands alone. */
  public Example(int[] ids, boolean[] isLearned) {
    this(NONE, ids, isLearned);
  }

  /**
   * What a decoder learns to write about a prompt that an encoder reads.
   *
   * @param start the token that the decoder begins with
   */
  public static Example answer(int[] prompt, int start, int... answer) {
    int[] ids = new int[answer.length + 1];
    ids[0] = start;
    System.arraycopy(answer, 0, ids, 1, answer.length);
    return new Example(prompt, ids, of(ids).isLearned);
  }

  /** An example whose every token is learned. */
  public static Example of(int[] ids) {
    boolean[] all = new boolean[ids.length];
    Arrays.fill(all, true);
    return new Example(ids, all);
  }

  /** An example whose tokens are learned from index {@code from} on: those of a completion. */
  public static Example completion(int[] ids, int from) {
    boolean[] tail = new boolean[ids.length];
    Arrays.fill(tail, Math.min(from, ids.length), ids.length, true);
    return new Example(ids, tail);
  }

  public int length() {
    return ids.length;
  }

  /** Whether an encoder reads a prompt beside the sequence. */
  public boolean hasSource() {
    return source.length > 0;
  }

  /** All tokens that a model reads, those of the source among them. */
  public int tokens() {
    return source.length + ids.length;
  }

  /** Tokens whose prediction the loss counts. */
  public int learnedCount() {
    int count = 0;
    for (int t = 1; t < ids.length; t++) {
      count += isLearned[t] ? 1 : 0;
    }
    return count;
  }

  /** The same tokens, of which those before index {@code from} are not learned. */
  public Example from(int from) {
    boolean[] tail = isLearned.clone();
    Arrays.fill(tail, 0, Math.min(from, ids.length), false);
    return new Example(source, ids, tail);
  }

  /** The first {@code length} tokens. */
  public Example truncated(int length) {
    return length >= ids.length
        ? this
        : new Example(source, Arrays.copyOf(ids, length), Arrays.copyOf(isLearned, length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Example example
        && Arrays.equals(source, example.source)
        && Arrays.equals(ids, example.ids)
        && Arrays.equals(isLearned, example.isLearned);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return (hasSource() ? "Example of " + Arrays.toString(source) + ": " : "Example")
        + Arrays.toString(ids);
  }
}
