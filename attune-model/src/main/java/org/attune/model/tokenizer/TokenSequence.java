package org.attune.model.tokenizer;

import java.util.Arrays;

/**
 * Token ids of one text, or of two as a pair.
 *
 * @param types for each token the text it belongs to, as the tokenizer counts them: 0 or 1
 */
public record TokenSequence(int[] ids, int[] types) {
  public TokenSequence {
    if (ids.length != types.length) {
      throw new IllegalArgumentException(
          "%d token ids do not fit %d types. Give a type for each token."
              .formatted(ids.length, types.length));
    }
  }

  /** The tokens of a single text. */
  public static TokenSequence of(int... ids) {
    return new TokenSequence(ids, new int[ids.length]);
  }

  public int length() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenSequence sequence
        && Arrays.equals(ids, sequence.ids)
        && Arrays.equals(types, sequence.types);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
