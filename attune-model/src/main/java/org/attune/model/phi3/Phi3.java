package org.attune.model.phi3;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The Phi 3 transformer: Llama's blocks, whose queries, keys and values are one stored matrix, as
 * are gate and up; part of each head may stay unturned.
 *
 * <p>Abdin et al. 2024 (arXiv:2404.14219), section 2.
 */
final class Phi3 {
  private Phi3() {}

  static Transformer over(Phi3Config config, WeightViews weights) {
    DecoderSettings settings = config.settings();
    AttentionForm form =
        AttentionForm.ofHeadSize(config.headSize())
            .withWindow(config.window())
            .withDropout(settings.attentionDropout());
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
                  form,
                  layer.linear(false, "self_attn.qkv_proj"),
                  null,
                  layer.attentionOutput(false).then(weights.dropout(config.residualDropout()))),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              new GatedFeedForward(
                      config.activation(),
                      layer.linear(false, "mlp.gate_up_proj"),
                      layer
                          .linear(false, "mlp.down_proj")
                          .then(weights.dropout(config.residualDropout())))
                  ::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
