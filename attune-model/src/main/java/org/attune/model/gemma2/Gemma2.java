package org.attune.model.gemma2;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
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
 * The Gemma 2 transformer: norms around one before and after attention and feed-forward, windows in
 * every other layer, and soft caps on scores and logits.
 *
 * <p>Gemma team 2024 (arXiv:2408.00118), section 2.
 */
final class Gemma2 implements Transformer {
  private final Gemma2Config config;
  private final WeightViews weights;
  private final RotaryPositions rotary;
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

  Gemma2(Gemma2Config config, WeightViews weights) {
    this.config = config;
    this.weights = weights;
    DecoderSettings settings = config.settings();
    rotary = new RotaryPositions(config.contextLength(), config.rotary());
    embedding = weights.lookup("model.embed_tokens.weight");
    AttentionForm form =
        AttentionForm.ofScale(1 / Math.sqrt(config.queryScalar()))
            .withSoftcap(config.attentionSoftcap())
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
                  null,
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
    RotaryPositions.Turn turn = rotary.at(batch);
    Tensor x = // [N, C]
        embedding.of(batch.ids()).times(Math.sqrt(config.hiddenSize()));
    return norm.of(
        Layers.through(layers, x, (layer, before) -> after(layer, before, turn, attention)));
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
    weights.close();
  }
}
