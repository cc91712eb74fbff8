package org.attune.model.mixtral;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerViews;
import org.attune.model.decoder.PreNormDecoder;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.RmsNorm;
import org.attune.model.decoder.SelfAttention;
import org.attune.model.experts.Experts;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightViews;

/**
 * The Mixtral transformer: Mistral's blocks with experts in place of the feed-forward.
 *
 * <p>Jiang et al. 2024 (arXiv:2401.04088), section 2. Left out: noise in routing.
 */
final class Mixtral {
  private Mixtral() {}

  static Transformer over(MixtralConfig config, WeightViews weights) {
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
                  layer.queryKeyValue(false),
                  null,
                  layer.attentionOutput(false)),
              RmsNorm.scaled(layer.get("post_attention_layernorm.weight"), settings.normEpsilon()),
              Experts.of(layer, config.experts(), config.expertNames(), config.activation())::of));
    }
    return new PreNormDecoder(config, weights, layers);
  }
}
