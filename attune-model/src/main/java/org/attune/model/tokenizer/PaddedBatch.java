package org.attune.model.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * Sequences of token ids filled up to the length of the longest.
 *
 * @param ids {@code [B, T]}
 * @param isText true where an id is the sequence's own, false where one fills it up, {@code [B,
 *     T]}: what transformers calls the attention mask
 */
public record PaddedBatch(List<int[]> ids, List<boolean[]> isText) {
  public PaddedBatch {
    ids = List.copyOf(ids);
    isText = List.copyOf(isText);
  }

  /**
   * Fills up sequences.
   *
   * @param sequences ids without padding
   * @param padId what fills them up
   * @param side where it stands; left for generation, so that every row goes on at its end
   */
  public static PaddedBatch of(List<int[]> sequences, int padId, Side side) {
    int longest = sequences.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    return new PaddedBatch(
        sequences.stream().map(sequence -> row(sequence, longest, padId, side)).toList(),
        sequences.stream().map(sequence -> isText(sequence.length, longest, side)).toList());
  }

  private static int[] row(int[] sequence, int length, int padId, Side side) {
    int[] row = new int[length];
    Arrays.fill(row, padId);
    System.arraycopy(sequence, 0, row, start(sequence.length, length, side), sequence.length);
    return row;
  }

  private static boolean[] isText(int count, int length, Side side) {
    boolean[] isText = new boolean[length];
    int start = start(count, length, side);
    Arrays.fill(isText, start, start + count, true);
    return isText;
  }

  private static int start(int count, int length, Side side) {
    return side == Side.LEFT ? length - count : 0;
  }
}
