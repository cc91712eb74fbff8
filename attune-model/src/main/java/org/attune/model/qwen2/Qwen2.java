package org.attune.model.qwen2;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The Qwen 2 transformer: Llama's blocks with biases on queries, keys and values, and in some
 * models a window in the later layers.
 *
 * <p>Yang et al. 2024 (arXiv:2407.10671), section 2.2.
 */
final class Qwen2 {
  private Qwen2() {}

  static Transformer over(Qwen2Config config, WeightViews weights) {
    DecoderSettings settings = config.settings();
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize()).withDropout(settings.attentionDropout());
    List<PreNormDecoder.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      LayerViews layer = LayerViews.of(weights, i);
      layers.add(
          new PreNormDecoder.Layer(
              RmsNorm.scaled(layer.get("input_layernorm.weight"), settings.normEpsilon()),
              Positions.ROTARY,
              new SelfAttention(
                  i,
                  settings.heads(),
                  form.withWindow(config.windows().get(i)),
                  layer.queryKeyValue(true),
                  null,
                  layer.attentionOutput(false)),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              layer.gatedFeedForward(config.activation(), false)::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
