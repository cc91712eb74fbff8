package org.attune.model.olmo2;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.HeadLayout;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of an OLMo 2.
 *
 * @param attentionBias whether the projections around attention add a bias
 */
public record Olmo2Config(
    DecoderSettings settings, RotaryScaling rotary, Activation activation, boolean attentionBias)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(2048, 1e-5, false, KeyHeads.AS_QUERY_HEADS, 0);
  private static final double ROTARY_BASE = 10_000;

  /**
   * Reads the keys that an OLMo 2 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Olmo2Config read(ConfigJson json) {
    UnderstoodKeys.require(json, Set.of("attention_bias"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Olmo2Config(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        json.flag("attention_bias", false));
  }

  @Override
  public String modelType() {
    return "olmo2";
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    HeadLayout heads = settings.heads();
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .attention(attentionBias, attentionBias)
                .gatedFeedForward(false)
                .norm("self_attn.q_norm", heads.queryWidth())
                .norm("self_attn.k_norm", heads.keyWidth())
                .norms("post_attention_layernorm", "post_feedforward_layernorm"));
  }

  @Override
  public String className(String head) {
    return "Olmo2For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Olmo2(this, weights);
  }
}
