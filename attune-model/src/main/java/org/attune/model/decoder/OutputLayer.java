package org.attune.model.decoder;

import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;

/** The layer over the vocabulary. */
public final class OutputLayer {
  private OutputLayer() {}

  /** {@code [C]} to {@code [V]}, over weights of its own or the embedding's. */
  public static Projection of(DecoderSettings settings, WeightViews weights) {
    return of(settings.tied(), weights, "model.embed_tokens.weight", "lm_head.weight");
  }

  /**
   * As {@link #of(DecoderSettings, WeightViews)} with the family's own names.
   *
   * @param embedding the name of the weights that a tied layer shares
   * @param own the name of its own weights
   */
  public static Projection of(boolean tied, WeightViews weights, String embedding, String own) {
    if (tied) {
      return weights.linear(embedding);
    }
    if (weights.has(own)) {
      return weights.linear(own);
    }
    return hidden -> {
      throw new IllegalStateException("A model with a score head has no output layer.");
    };
  }
}
