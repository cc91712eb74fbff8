package org.attune.model.gemma;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.OutputLayer;
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
 * The Gemma transformer: Llama's order of computation with scaled embeddings, norms around one and
 * a GELU gate.
 *
 * <p>Gemma team 2024 (arXiv:2403.08295), section 2.
 */
final class Gemma implements Transformer {
  private final GemmaConfig config;
  private final WeightViews weights;
  private final RotaryPositions rotary;
  private final Lookup embedding; // [V, C]
  private final List<Layer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Projection output; // [C] to [V]

  private record Layer(
      RmsNorm attentionNorm,
      SelfAttention attention,
      RmsNorm feedForwardNorm,
      GatedFeedForward feedForward) {}

  Gemma(GemmaConfig config, WeightViews weights) {
    this.config = config;
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
              RmsNorm.scaledAroundOne(layer.get("input_layernorm.weight"), epsilon),
              new SelfAttention(
                  i,
                  settings.heads(),
                  form,
                  layer.queryKeyValue(config.attentionBias()),
                  null,
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaledAroundOne(layer.get("post_attention_layernorm.weight"), epsilon),
              layer.gatedFeedForward(config.activation(), false)));
    }
    norm = RmsNorm.scaledAroundOne(weights.get("model.norm.weight"), epsilon);
    output = OutputLayer.of(settings, weights);
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
    Tensor x = before.plus(layer.attention.of(layer.attentionNorm.of(before), turn, attention));
    return x.plus(layer.feedForward.of(layer.feedForwardNorm.of(x)));
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
