package org.attune.model.olmo2;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
import org.attune.model.decoder.QueryKeyNorm;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
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
 * The OLMo 2 transformer: norms after attention and feed-forward rather than before, and over all
 * of a token's queries and keys.
 *
 * <p>OLMo team 2025 (arXiv:2501.00656), section 2.
 */
final class Olmo2 implements Transformer {
  private final WeightViews weights;
  private final RotaryPositions rotary;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Projection output; // [C] to [V]

  private record Layer(
      SelfAttention attention,
      RmsNorm afterAttention,
      GatedFeedForward feedForward,
      RmsNorm afterFeedForward) {}

  Olmo2(Olmo2Config config, WeightViews weights) {
    this.weights = weights;
    DecoderSettings settings = config.settings();
    double epsilon = settings.normEpsilon();
    rotary = new RotaryPositions(config.contextLength(), config.rotary());
    embedding = weights.lookup("model.embed_tokens.weight");
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize()).withDropout(settings.attentionDropout());
    for (int i = 0; i < config.layers(); i++) {
      LayerViews layer = LayerViews.of(weights, i);
      layers.add(
          new Layer(
              new SelfAttention(
                  i,
                  settings.heads(),
                  form,
                  layer.queryKeyValue(config.attentionBias()),
                  QueryKeyNorm.acrossHeads(
                      RmsNorm.scaled(layer.get("self_attn.q_norm.weight"), epsilon),
                      RmsNorm.scaled(layer.get("self_attn.k_norm.weight"), epsilon)),
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), epsilon),
              layer.gatedFeedForward(config.activation(), false),
              RmsNorm.scaled(layer.get("post_feedforward_layernorm.weight"), epsilon)));
    }
    norm = RmsNorm.scaled(weights.get("model.norm.weight"), epsilon);
    output = OutputLayer.of(settings, weights);
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    RotaryPositions.Turn turn = rotary.at(batch);
    Tensor x = embedding.of(batch.ids()); // [N, C]
    return norm.of(
        Layers.through(layers, x, (layer, before) -> after(layer, before, turn, attention)));
  }

  private static Tensor after(
      Layer layer, Tensor before, RotaryPositions.Turn turn, Attention attention) {
    Tensor seen = layer.attention.of(before, turn, attention);
    Tensor x = before.plus(layer.afterAttention.of(seen));
    return x.plus(layer.afterFeedForward.of(layer.feedForward.of(x)));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return output.of(hidden);
  }

  @Override
  public void close() {
    rotary.close();
    weights.close();
  }
}
