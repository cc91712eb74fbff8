package org.attune.model.mixtral;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.SlidingWindows;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.experts.ExpertArchitecture;
import org.attune.model.experts.ExpertNames;
import org.attune.model.experts.ExpertSettings;
import org.attune.model.experts.Experts;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Mixtral.
 *
 * @param window how many of the latest tokens are seen; 0 for all
 */
public record MixtralConfig(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    int window,
    ExpertSettings experts)
    implements ExpertArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(131_072, 1e-5, false, KeyHeads.REQUIRED, 0);
  private static final ExpertSettings.Defaults EXPERTS = new ExpertSettings.Defaults(8, 2);
  private static final double ROTARY_BASE = 1_000_000;

  /**
   * Reads the keys that a Mixtral has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static MixtralConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json, Set.of("sliding_window", "num_local_experts", "num_experts_per_tok"));
    if (!json.isOff("router_jitter_noise")) {
      throw json.mismatch("router_jitter_noise", "0 (noise in routing is not computed here)");
    }
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new MixtralConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        SlidingWindows.width(json, 0),
        ExpertSettings.ofEveryLayer(json, settings.layers(), EXPERTS));
  }

  @Override
  public String modelType() {
    return "mixtral";
  }

  @Override
  public ExpertNames expertNames() {
    return ExpertNames.MIXTRAL;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(
        settings,
        layer -> {
          layer.attention(false, false);
          Experts.list(layer, experts, expertNames(), hiddenSize());
          layer.norms("input_layernorm", "post_attention_layernorm");
        });
  }

  @Override
  public String className(String head) {
    return "MixtralFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Mixtral.over(this, weights);
  }
}
