package org.attune.model.falcon;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.FeedForward;
import org.attune.model.decoder.InterleavedAttention;
import org.attune.model.decoder.LayerNorm;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.dropout.Dropout;
import org.attune.model.falcon.FalconConfig.Order;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.RotaryPositions;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The Falcon transformer: layer norms, few key heads, and attention beside the feed-forward block;
 * Falcon-RW has one after the other and a bias by distance.
 *
 * <p>Almazrouei et al. 2023 (arXiv:2311.16867), section 4; Falcon-RW is Penedo et al. 2023
 * (arXiv:2306.01116).
 */
final class Falcon implements Transformer {
  private final FalconConfig config;
  private final WeightViews weights;
  private final @Nullable RotaryPositions rotary;
  private final AttentionForm form;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers = new ArrayList<>();
  private final LayerNorm norm;
  private final Projection output; // [C] to [V]

  /**
   * The parts of a layer.
   *
   * @param attentionDropout of what attention adds, where the feed-forward block reads it; else
   *     null
   * @param feedForwardNorm null where the feed-forward block reads what attention reads
   * @param dropout of what the feed-forward block adds, with attention's where that has no own
   */
  private record Layer(
      LayerNorm attentionNorm,
      InterleavedAttention attention,
      @Nullable Dropout attentionDropout,
      @Nullable LayerNorm feedForwardNorm,
      FeedForward feedForward,
      Dropout dropout) {}

  Falcon(FalconConfig config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    AttentionForm unbiased = AttentionForm.ofHeadSize(config.headSize());
    rotary = config.alibi() ? null : new RotaryPositions(config.contextLength(), config.rotary());
    form = // the original drops weights of keys only beside that bias
        config.alibi()
            ? unbiased.withBias(Alibi.of(config.heads())).withDropout(config.attentionDropout())
            : unbiased;
    embedding = weights.lookup("transformer.word_embeddings.weight");
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(i, new LayerViews(weights, "transformer.h." + i + ".")));
    }
    norm = LayerNorm.of(weights, "transformer.ln_f", config.normEpsilon());
    output =
        OutputLayer.of(
            config.tied(), weights, "transformer.word_embeddings.weight", "lm_head.weight");
  }

  private Layer layer(int index, LayerViews layer) {
    boolean biased = config.biased();
    Order order = config.order();
    return new Layer(
        norm(layer, order.attentionNorm()),
        new InterleavedAttention(
            index,
            config.heads(),
            form,
            layer.linear(biased, "self_attention.query_key_value"),
            layer.linear(biased, "self_attention.dense")),
        order == Order.ONE_AFTER_THE_OTHER ? weights.dropout(config.attentionDropout()) : null,
        order == Order.PARALLEL ? null : norm(layer, order.feedForwardNorm()),
        new FeedForward(
            config.activation(),
            layer.linear(biased, "mlp.dense_h_to_4h"),
            layer.linear(biased, "mlp.dense_4h_to_h")),
        weights.dropout(config.hiddenDropout()));
  }

  private LayerNorm norm(LayerViews layer, String name) {
    return LayerNorm.of(weights, layer.prefix() + name, config.normEpsilon());
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn turn = rotary == null ? null : rotary.at(batch);
    Tensor x = embedding.of(batch.ids()); // [N, C]
    return norm.of(
        Layers.through(layers, x, (layer, before) -> after(layer, before, turn, attention)));
  }

  private static Tensor after(
      Layer layer, Tensor x, RotaryPositions.@Nullable Turn turn, Attention attention) {
    Tensor normed = layer.attentionNorm.of(x);
    Tensor seen = layer.attention.of(normed, turn, attention);
    LayerNorm own = layer.feedForwardNorm;
    if (layer.attentionDropout != null && own != null) {
      Tensor attended = x.plus(layer.attentionDropout.of(seen));
      return attended.plus(layer.dropout.of(layer.feedForward.of(own.of(attended))));
    }
    Tensor fed = layer.feedForward.of(own == null ? normed : own.of(x));
    return x.plus(layer.dropout.of(seen.plus(fed)));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(hidden);
  }

  @Override
  public void close() {
    if (rotary != null) {
      rotary.close();
    }
    weights.close();
  }
}
