package org.attune.model.gemma3;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.decoder.QueryKeyNorm;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.decoder.Softcap;
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

/**
 * The Gemma 3 transformer: Gemma 2's blocks with a norm of each head's queries and keys in place of
 * the soft cap on scores; five of six layers see a window, and turn at a base of their own.
 *
 * <p>Gemma team 2025 (arXiv:2503.19786), section 2. Left out: images.
 */
final class Gemma3 implements Transformer {
  private final Gemma3Config config;
  private final WeightViews weights;
  private final RotaryPositions rotary; // of layers that see whole texts
  private final RotaryPositions windowRotary;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Projection output; // [C] to [V]

  private record Layer(
      RmsNorm beforeAttention,
      SelfAttention attention,
      RmsNorm afterAttention,
      RmsNorm beforeFeedForward,
      GatedFeedForward feedForward,
      RmsNorm afterFeedForward) {}

  Gemma3(Gemma3Config config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    DecoderSettings settings = config.settings();
    rotary = new RotaryPositions(config.contextLength(), config.rotary());
    windowRotary = new RotaryPositions(config.contextLength(), config.windowRotary());
    embedding = weights.lookup("model.embed_tokens.weight");
    AttentionForm form =
        AttentionForm.ofScale(1 / Math.sqrt(config.queryScalar()))
            .withDropout(settings.attentionDropout());
    for (int i = 0; i < config.layers(); i++) {
      LayerViews layer = LayerViews.of(weights, i);
      layers.add(
          new Layer(
              norm(layer, "input_layernorm.weight"),
              new SelfAttention(
                  i,
                  settings.heads(),
                  form.withWindow(config.windows().get(i)),
                  layer.queryKeyValue(config.attentionBias()),
                  QueryKeyNorm.ofEachHead(
                      norm(layer, "self_attn.q_norm.weight"),
                      norm(layer, "self_attn.k_norm.weight")),
                  layer.attentionOutput(config.attentionBias())),
              norm(layer, "post_attention_layernorm.weight"),
              norm(layer, "pre_feedforward_layernorm.weight"),
              layer.gatedFeedForward(config.activation(), false),
              norm(layer, "post_feedforward_layernorm.weight")));
    }
    norm = RmsNorm.scaledAroundOne(weights.get("model.norm.weight"), settings.normEpsilon());
    output = OutputLayer.of(settings, weights);
  }

  private RmsNorm norm(LayerViews layer, String name) {
    return RmsNorm.scaledAroundOne(layer.get(name), config.settings().normEpsilon());
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn whole = rotary.at(batch);
    RotaryPositions.Turn near = windowRotary.at(batch);
    Tensor x = // [N, C]
        embedding.of(batch.ids()).times(Math.sqrt(config.hiddenSize()));
    return norm.of(
        Layers.through(
            layers,
            x,
            (layer, before) -> {
              boolean seesAll = layer.attention.form().window() == 0;
              return after(layer, before, seesAll ? whole : near, attention);
            }));
  }

  private static Tensor after(
      Layer layer, Tensor before, RotaryPositions.Turn turn, Attention attention) {
    Tensor seen = layer.attention.of(layer.beforeAttention.of(before), turn, attention);
    Tensor x = before.plus(layer.afterAttention.of(seen));
    Tensor fed = layer.feedForward.of(layer.beforeFeedForward.of(x));
    return x.plus(layer.afterFeedForward.of(fed));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return Softcap.of(output.of(hidden), config.logitSoftcap());
  }

  @Override
  public void close() {
    rotary.close();
    windowRotary.close();
    weights.close();
  }
}
