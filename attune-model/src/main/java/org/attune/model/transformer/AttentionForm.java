package org.attune.model.transformer;

import org.jspecify.annotations.Nullable;

/**
 * How a layer weighs keys: softmax(cap · tanh((q kᵀ · scale) / cap) + bias), over the keys in
 * reach.
 *
 * @param scale of the products; usually 1/√D
 * @param window how many of the latest keys a query sees, its own token's among them; 0 for all
 *     (Beltagy et al. 2020, arXiv:2004.05150, section 3.1)
 * @param softcap bounds the scaled products smoothly (Gemma 2, arXiv:2408.00118, section 2); 0 is
 *     off
 * @param bias by distance; null for none
 * @param dropout share of the softmax's weights that training drops, as the model's configuration
 *     says; null where the family drops none
 */
public record AttentionForm(
    double scale,
    int window,
    double softcap,
    @Nullable PositionBias bias,
    @Nullable Double dropout) {

  public AttentionForm {
    if (!(scale > 0) || window < 0 || !(softcap >= 0)) {
      throw new IllegalArgumentException(
          "scale must be > 0, window >= 0 and softcap >= 0, but they were %s, %d and %s."
              .formatted(scale, window, softcap));
    }
  }

  /** All earlier keys, with scale 1/√D. */
  public static AttentionForm ofHeadSize(int headSize) {
    return ofScale(1 / Math.sqrt(headSize));
  }

  /** All earlier keys, with the given scale. */
  public static AttentionForm ofScale(double scale) {
    return new AttentionForm(scale, 0, 0, null, null);
  }

  public AttentionForm withWindow(int tokens) {
    return new AttentionForm(scale, tokens, softcap, bias, dropout);
  }

  public AttentionForm withSoftcap(double cap) {
    return new AttentionForm(scale, window, cap, bias, dropout);
  }

  public AttentionForm withBias(PositionBias positionBias) {
    return new AttentionForm(scale, window, softcap, positionBias, dropout);
  }

  public AttentionForm withDropout(double rate) {
    return new AttentionForm(scale, window, softcap, bias, rate);
  }

  /** How many keys of {@code present} ones a query that sees the last of them looks at. */
  int reach(int present) {
    return window == 0 ? present : Math.min(window, present);
  }
}
