package org.attune.train.reward;

import java.util.Arrays;

/**
 * Two texts of which people chose one.
 *
 * @param row where it stands in its data, from 1
 * @param chosen token ids of the better text
 * @param rejected token ids of the other
 * @param margin how much better it was judged; 0 where the data does not say
 */
record Pair(int row, int[] chosen, int[] rejected, double margin) {
  /** Tokens of both sides. */
  int length() {
    return chosen.length + rejected.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pair pair
        && row == pair.row
        && margin == pair.margin
        && Arrays.equals(chosen, pair.chosen)
        && Arrays.equals(rejected, pair.rejected);
  }

  @Override
  public int hashCode() {
    return row;
  }

  @Override
  public String toString() {
    return "Pair[%d: %s over %s by %s]"
        .formatted(row, Arrays.toString(chosen), Arrays.toString(rejected), margin);
  }
}
