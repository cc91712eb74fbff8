package org.attune.train.evaluate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Variety of generated texts: distinct-2, the share of bigrams of tokens that are different. Li et
 * al. 2016 (arXiv:1510.03055), section 5.
 *
 * <p>The more text, the more of its bigrams repeat, so that a model that writes less would seem
 * more varied. All models are therefore measured on an equal number of tokens: the continuations
 * one behind another, up to as many tokens as the model with the fewest wrote. No bigram reaches
 * from one continuation into the next.
 */
public final class Distinct {
  private Distinct() {}

  /**
   * distinct-2 of each model; 0 for one without bigrams.
   *
   * @param models each model's continuations, as token ids
   */
  public static double[] bigrams(List<List<int[]>> models) {
    long tokens = models.stream().mapToLong(Distinct::tokens).min().orElse(0);
    return models.stream().mapToDouble(model -> bigrams(model, tokens)).toArray();
  }

  private static long tokens(List<int[]> continuations) {
    return continuations.stream().mapToLong(ids -> ids.length).sum();
  }

  private static double bigrams(List<int[]> continuations, long tokens) {
    Set<Long> distinct = new HashSet<>();
    long count = 0;
    long left = tokens;
    for (int[] ids : continuations) {
      int length = (int) Math.min(ids.length, left);
      for (int i = 1; i < length; i++) {
        distinct.add(((long) ids[i - 1] << 32) | ids[i]);
        count++;
      }
      left -= length;
    }
    return count == 0 ? 0 : (double) distinct.size() / count;
  }
}
