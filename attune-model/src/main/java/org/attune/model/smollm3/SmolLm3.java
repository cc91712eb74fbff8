package org.attune.model.smollm3;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The SmolLM 3 transformer: Llama's blocks, of which every fourth knows no positions.
 *
 * <p>Layers without positions after Yang et al. 2025 (arXiv:2501.18795), section 2.
 */
final class SmolLm3 {
  private SmolLm3() {}

  static Transformer over(SmolLm3Config config, WeightViews weights) {
    DecoderSettings settings = config.settings();
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize()).withDropout(settings.attentionDropout());
    List<PreNormDecoder.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      LayerViews layer = LayerViews.of(weights, i);
      layers.add(
          new PreNormDecoder.Layer(
              RmsNorm.scaled(layer.get("input_layernorm.weight"), settings.normEpsilon()),
              config.positions().get(i),
              new SelfAttention(
                  i,
                  settings.heads(),
                  form.withWindow(config.windows().get(i)),
                  layer.queryKeyValue(config.attentionBias()),
                  null,
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              layer.gatedFeedForward(config.activation(), config.feedForwardBias())::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
