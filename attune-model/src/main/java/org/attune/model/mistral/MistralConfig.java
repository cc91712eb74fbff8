package org.attune.model.mistral;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.SlidingWindows;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Mistral.
 *
 * @param window how many of the latest tokens attention sees; 0 for all
 */
public record MistralConfig(
    DecoderSettings settings, RotaryScaling rotary, Activation activation, int window)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(131_072, 1e-6, false, KeyHeads.REQUIRED, 0);
  private static final double ROTARY_BASE = 10_000;
  private static final int WINDOW = 4096;

  /**
   * Reads the keys that a Mistral has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static MistralConfig read(ConfigJson json) {
    UnderstoodKeys.require(json, Set.of("sliding_window"));
    if (json.has("layer_types")) {
      throw json.mismatch("layer_types", "absent (all layers of a Mistral are alike)");
    }
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new MistralConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        SlidingWindows.width(json, WINDOW));
  }

  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .attention(false, false)
                .gatedFeedForward(false)
                .norms("input_layernorm", "post_attention_layernorm"));
  }

  @Override
  public String className(String head) {
    return "MistralFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Mistral.over(this, weights);
  }
}
