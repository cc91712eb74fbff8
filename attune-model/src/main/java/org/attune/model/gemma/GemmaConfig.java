package org.attune.model.gemma;

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
 * What {@code config.json} says of a Gemma.
 *
 * @param attentionBias whether the projections around attention add a bias
 */
public record GemmaConfig(
    DecoderSettings settings, RotaryScaling rotary, Activation activation, boolean attentionBias)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(8192, 1e-6, true, KeyHeads.REQUIRED, 256);
  private static final double ROTARY_BASE = 10_000;

  /**
   * Reads the keys that a Gemma has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static GemmaConfig read(ConfigJson json) {
    UnderstoodKeys.require(json, Set.of("attention_bias"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new GemmaConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        activation(json),
        json.flag("attention_bias", false));
  }

  /**
   * The first release wrote {@code gelu} and meant its tanh approximation; {@code
   * hidden_activation}, where it is given, corrects it.
   */
  private static Activation activation(ConfigJson json) {
    if (json.has("hidden_activation")) {
      return Activation.read(json, "hidden_activation", Activation.GELU_TANH);
    }
    Activation written = Activation.read(json, "hidden_act", Activation.GELU_TANH);
    return written == Activation.GELU ? Activation.GELU_TANH : written;
  }

  @Override
  public String modelType() {
    return "gemma";
  }

  @Override
  public float neutralNorm() {
    return 0;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .attention(attentionBias, attentionBias)
                .gatedFeedForward(false)
                .norms("input_layernorm", "post_attention_layernorm"));
  }

  @Override
  public String className(String head) {
    return "GemmaFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Gemma(this, weights);
  }
}
