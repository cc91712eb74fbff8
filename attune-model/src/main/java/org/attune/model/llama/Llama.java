package org.attune.model.llama;

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
 * The Llama transformer: pre-norm blocks with RMS norm, rotary positions, grouped key heads and a
 * gated feed-forward.
 *
 * <p>Touvron et al. 2023 (arXiv:2302.13971); grouped heads since Llama 2 (arXiv:2307.09288).
 */
final class Llama {
  private Llama() {}

  static Transformer over(LlamaConfig config, WeightViews weights) {
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
                  form,
                  layer.queryKeyValue(config.attentionBias()),
                  null,
                  layer.attentionOutput(config.attentionBias())),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              layer.gatedFeedForward(config.activation(), config.feedForwardBias())::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
