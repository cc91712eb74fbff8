package org.attune.model.llama;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Llama.
 *
 * @param attentionBias whether the projections around attention add a bias
 * @param feedForwardBias whether the projections of the feed-forward block add a bias
 */
public record LlamaConfig(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    boolean attentionBias,
    boolean feedForwardBias)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(2048, 1e-6, false, KeyHeads.AS_QUERY_HEADS, 0);
  private static final double ROTARY_BASE = 10_000;

  /**
   * Reads the keys that a Llama has. {@code pretraining_tp} only splits sums and is ignored.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static LlamaConfig read(ConfigJson json) {
    UnderstoodKeys.require(json, Set.of("attention_bias", "mlp_bias"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new LlamaConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        json.flag("attention_bias", false),
        json.flag("mlp_bias", false));
  }

  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .attention(attentionBias, attentionBias)
                .gatedFeedForward(feedForwardBias)
                .norms("input_layernorm", "post_attention_layernorm"));
  }

  @Override
  public String className(String head) {
    return "LlamaFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Llama.over(this, weights);
  }
}
