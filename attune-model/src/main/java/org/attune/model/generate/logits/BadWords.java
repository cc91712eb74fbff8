package org.attune.model.generate.logits;

import java.util.List;
import java.util.Set;

/**
 * Forbids the token that would complete a bad word: l_i ← −∞ where the word ends with i and its
 * other tokens are the newest ones. A word that is an end token alone is left out, so that
 * generation can end. As {@code NoBadWordsLogitsProcessor} of transformers.
 */
public final class BadWords implements LogitsProcessor {
  private final int[][] words;

  public BadWords(List<List<Integer>> words, Set<Integer> endIds) {
    this.words =
        words.stream()
            .filter(word -> word.size() > 1 || !endIds.containsAll(word))
            .map(word -> word.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    for (int[] word : words) {
      int last = word.length - 1;
      if (history.endsWith(word, last)) {
        logits[word[last]] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
