package org.attune.model.qwen3moe;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.FeedForwardBlock;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.QueryKeyNorm;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.experts.Experts;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The Qwen 3 transformer with experts, none of them shared.
 *
 * <p>Yang et al. 2025 (arXiv:2505.09388), section 2.
 */
final class Qwen3Moe {
  private Qwen3Moe() {}

  static Transformer over(Qwen3MoeConfig config, WeightViews weights) {
    DecoderSettings settings = config.settings();
    double epsilon = settings.normEpsilon();
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize())
            .withWindow(config.window())
            .withDropout(settings.attentionDropout());
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
                  form,
                  layer.queryKeyValue(config.attentionBias()),
                  QueryKeyNorm.ofEachHead(
                      RmsNorm.scaled(layer.get("self_attn.q_norm.weight"), epsilon),
                      RmsNorm.scaled(layer.get("self_attn.k_norm.weight"), epsilon)),
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), epsilon),
              config.experts().sparse().get(i)
                  ? Experts.of(layer, config.experts(), config.expertNames(), config.activation())
                      ::of
                  : FeedForwardBlock.dense(
                      layer.gatedFeedForward(config.activation(), false)::of)));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
