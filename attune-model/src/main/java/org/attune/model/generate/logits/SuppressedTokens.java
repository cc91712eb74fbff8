package org.attune.model.generate.logits;

import java.util.List;
import java.util.function.Predicate;

/**
 * Forbids the given tokens: l_i ← −∞, always ({@code SuppressTokensLogitsProcessor} of
 * transformers) or for the first new token only ({@code SuppressTokensAtBeginLogitsProcessor}).
 */
public final class SuppressedTokens implements LogitsProcessor {
  private final int[] ids;
  private final Predicate<TokenHistory> places;

  private SuppressedTokens(List<Integer> ids, Predicate<TokenHistory> places) {
    this.ids = ids.stream().mapToInt(Integer::intValue).toArray();
    this.places = places;
  }

  public static SuppressedTokens always(List<Integer> ids) {
    return new SuppressedTokens(ids, history -> true);
  }

  /**
   * Forbids tokens at the first place that is free.
   *
   * @param afterForced whether the token after a prompt of a single one is forced, so that the
   *     place after it is the first
   */
  public static SuppressedTokens atBegin(List<Integer> ids, boolean afterForced) {
    return new SuppressedTokens(
        ids,
        history -> history.writtenLength() == (afterForced && history.promptLength() == 1 ? 1 : 0));
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    if (places.test(history)) {
      for (int id : ids) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
