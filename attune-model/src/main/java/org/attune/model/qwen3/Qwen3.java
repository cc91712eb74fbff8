package org.attune.model.qwen3;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.QueryKeyNorm;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The Qwen 3 transformer: Llama's blocks with a norm of each head's queries and keys, and in some
 * models a window in the later layers.
 *
 * <p>Yang et al. 2025 (arXiv:2505.09388), section 2.
 */
final class Qwen3 {
  private Qwen3() {}

  static Transformer over(Qwen3Config config, WeightViews weights) {
    DecoderSettings settings = config.settings();
    double epsilon = settings.normEpsilon();
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize()).withDropout(settings.attentionDropout());
    List<PreNormDecoder.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      LayerViews layer = LayerViews.of(weights, i);
      layers.add(
          new PreNormDecoder.Layer(
              RmsNorm.scaled(layer.get("input_layernorm.weight"), epsilon),
              Positions.ROTARY,
              new SelfAttention(
                  i,
                  settings.heads(),
                  form.withWindow(config.windows().get(i)),
                  layer.queryKeyValue(config.attentionBias()),
                  QueryKeyNorm.ofEachHead(
                      RmsNorm.scaled(layer.get("self_attn.q_norm.weight"), epsilon),
                      RmsNorm.scaled(layer.get("self_attn.k_norm.weight"), epsilon)),
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), epsilon),
              layer.gatedFeedForward(config.activation(), false)::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
