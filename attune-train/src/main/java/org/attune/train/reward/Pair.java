package org.attune.train.reward;

import org.attune.model.tokenizer.TokenSequence;

/**
 * Two texts of which people chose one.
 *
 * @param row where it stands in its data, from 1
 * @param chosen the better text
 * @param rejected the other
 * @param margin how much better it was judged; 0 where the data does not say
 */
record Pair(int row, TokenSequence chosen, TokenSequence rejected, double margin) {
  /** Tokens of both sides. */
  int length() {
    return chosen.length() + rejected.length();
  }
}
