package org.attune.model.opt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.decoder.FeedForward;
import org.attune.model.decoder.LayerNorm;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.opt.OptConfig.Norms;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The OPT transformer: learned positions, layer norms and a plain feed-forward block. In OPT-350m
 * norms follow the blocks, and embeddings are narrower than the layers.
 *
 * <p>Zhang et al. 2022 (arXiv:2205.01068), section 2.1. Left out: dropping of layers.
 */
final class Opt implements Transformer {
  /** Not a setting in the original. */
  private static final double NORM_EPSILON = 1e-5;

  private final OptConfig config;
  private final WeightViews weights;
  private final Lookup tokenEmbedding; // [V, W]
  private final Lookup positionEmbedding; // [2 + context, C]
  private final @Nullable Projection in; // [W] to [C]
  private final @Nullable Projection out; // [C] to [W]
  private final List<Layer> layers = new ArrayList<>();
  private final @Nullable LayerNorm norm;
  private final Projection output; // [W] to [V]

  private record Layer(
      LayerNorm attentionNorm,
      SelfAttention attention,
      LayerNorm feedForwardNorm,
      FeedForward feedForward) {}

  Opt(OptConfig config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    String decoder = "model.decoder.";
    tokenEmbedding = weights.lookup(decoder + "embed_tokens.weight");
    positionEmbedding = weights.lookup(decoder + "embed_positions.weight");
    in = config.projects() ? weights.linear(decoder + "project_in.weight") : null;
    out = config.projects() ? weights.linear(decoder + "project_out.weight") : null;
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(i, new LayerViews(weights, decoder + "layers." + i + ".")));
    }
    norm = config.lastNorm() ? norm(decoder + "final_layer_norm") : null;
    output =
        OutputLayer.of(config.tied(), weights, decoder + "embed_tokens.weight", "lm_head.weight");
  }

  private Layer layer(int index, LayerViews layer) {
    boolean biased = config.biased();
    return new Layer(
        norm(layer.prefix() + "self_attn_layer_norm"),
        new SelfAttention(
            index,
            config.heads(),
            AttentionForm.ofHeadSize(config.headSize()).withDropout(config.attentionDropout()),
            layer.queryKeyValue(biased),
            null,
            dropping(layer.linear(biased, "self_attn.out_proj"))),
        norm(layer.prefix() + "final_layer_norm"),
        new FeedForward(
            config.activation(),
            layer.linear(biased, "fc1"),
            dropping(layer.linear(biased, "fc2"))));
  }

  private Projection dropping(Projection added) {
    return added.then(weights.dropout(config.residualDropout()));
  }

  private LayerNorm norm(String name) {
    return LayerNorm.of(weights, name, NORM_EPSILON);
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    Tensor tokens = tokenEmbedding.of(batch.ids());
    int[] rows = new int[batch.tokens()];
    Arrays.setAll(rows, token -> batch.position(token) + OptConfig.FIRST_POSITION);
    Tensor positions = positionEmbedding.of(Tensor.indices(rows));
    Tensor x = (in == null ? tokens : in.of(tokens)).plus(positions); // [N, C]
    Tensor made =
        Layers.through(
            layers,
            x,
            (layer, before) ->
                config.norms() == Norms.BEFORE
                    ? normedBefore(layer, before, attention)
                    : normedAfter(layer, before, attention));
    Tensor last = norm == null ? made : norm.of(made);
    return out == null ? last : out.of(last);
  }

  private static Tensor normedBefore(Layer layer, Tensor x, Attention attention) {
    Tensor seen = x.plus(layer.attention.of(layer.attentionNorm.of(x), null, attention));
    return seen.plus(layer.feedForward.of(layer.feedForwardNorm.of(seen)));
  }

  private static Tensor normedAfter(Layer layer, Tensor x, Attention attention) {
    Tensor seen = layer.attentionNorm.of(x.plus(layer.attention.of(x, null, attention)));
    return layer.feedForwardNorm.of(seen.plus(layer.feedForward.of(seen)));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(hidden);
  }

  @Override
  public void close() {
    weights.close();
  }
}
