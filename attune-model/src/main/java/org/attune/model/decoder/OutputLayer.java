package org.attune.model.decoder;

import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;

/** The layer over the vocabulary. */
public final class OutputLayer {
  private OutputLayer() {}

  /** {@code [C]} to {@code [V]}, over weights of its own or the embedding's. */
  public static Projection of(DecoderSettings settings, WeightViews weights) {
    if (settings.tied()) {
      return weights.linear("model.embed_tokens.weight");
    }
    if (weights.has("lm_head.weight")) {
      return weights.linear("lm_head.weight");
    }
    return hidden -> {
      throw new IllegalStateException("A model with a score head has no output layer.");
    };
  }
}
