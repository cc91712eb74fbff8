package org.attune.model.generate.logits;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Allows nothing but the given tokens at one place: their logits become 0, all others −∞. At the
 * second place of the text this is {@code ForcedBOSTokenLogitsProcessor} of transformers, which
 * names the language of a translation; at the last place, {@code ForcedEOSTokenLogitsProcessor}.
 */
public final class ForcedTokens implements LogitsProcessor {
  private final int[] ids;
  private final Predicate<TokenHistory> place;

  private ForcedTokens(List<Integer> ids, Predicate<TokenHistory> place) {
    this.ids = ids.stream().mapToInt(Integer::intValue).toArray();
    this.place = place;
  }

  /** Forces the token after a single one. */
  public static ForcedTokens second(int id) {
    return new ForcedTokens(List.of(id), history -> history.length() == 1);
  }

  /** Forces the last token that there is room for. */
  public static ForcedTokens last(List<Integer> ids) {
    return new ForcedTokens(ids, TokenHistory::isBeforeLast);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    if (place.test(history)) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      for (int id : ids) {
        logits[id] = 0;
      }
    }
  }
}
