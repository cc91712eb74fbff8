package org.attune.model.qwen2moe;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.FeedForwardBlock;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.experts.Experts;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;

/**
 * The Qwen 2 transformer with experts: in layers that have them, one more expert computes every
 * token, and a gate weighs it.
 *
 * <p>Yang et al. 2024 (arXiv:2407.10671), section 2.2.2.
 */
final class Qwen2Moe {
  private Qwen2Moe() {}

  static Transformer over(Qwen2MoeConfig config, WeightViews weights) {
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
                  layer.queryKeyValue(config.attentionBias()),
                  null,
                  layer.attentionOutput(false)),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              config.experts().sparse().get(i)
                  ? experts(config, layer)
                  : FeedForwardBlock.dense(
                      layer.gatedFeedForward(config.activation(), false)::of)));
    }
    return new PreNormDecoder(config, weights, layers);
  }

  private static FeedForwardBlock experts(Qwen2MoeConfig config, LayerViews layer) {
    Experts routed = Experts.of(layer, config.experts(), config.expertNames(), config.activation());
    GatedFeedForward shared =
        new GatedFeedForward(
            config.activation(),
            layer.linear(false, "mlp.shared_expert.gate_proj", "mlp.shared_expert.up_proj"),
            layer.linear(false, "mlp.shared_expert.down_proj"));
    Projection gate = layer.linear(false, "mlp.shared_expert_gate"); // [C] to [1]
    return (x, load) -> routed.of(x, load).plus(gate.of(x).sigmoid().times(shared.of(x)));
  }
}
