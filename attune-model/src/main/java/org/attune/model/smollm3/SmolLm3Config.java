package org.attune.model.smollm3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.PreNormDecoder.Positions;
import org.attune.model.decoder.SlidingWindows;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a SmolLM 3.
 *
 * @param attentionBias whether the projections around attention add a bias
 * @param feedForwardBias whether the projections of the feed-forward block add a bias
 * @param positions what each layer's attention knows of positions
 * @param windows how many of the latest tokens each layer sees; 0 for all
 */
public record SmolLm3Config(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    boolean attentionBias,
    boolean feedForwardBias,
    List<Positions> positions,
    List<Integer> windows)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32_768, 1e-6, true, KeyHeads.REQUIRED, 0);
  private static final double ROTARY_BASE = 2_000_000;
  private static final int WITHOUT_POSITIONS_EVERY = 4;

  /**
   * Reads the keys that a SmolLM 3 has. {@code pretraining_tp} only splits sums and is ignored.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static SmolLm3Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "attention_bias",
            "mlp_bias",
            "no_rope_layers",
            "no_rope_layer_interval",
            "use_sliding_window",
            "sliding_window",
            "max_window_layers")); // written by the original, which does not read it
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    List<Positions> positions = positions(json, settings.layers());
    int window = json.flag("use_sliding_window", false) ? SlidingWindows.width(json, 0) : 0;
    return new SmolLm3Config(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        json.flag("attention_bias", false),
        json.flag("mlp_bias", false),
        positions,
        SlidingWindows.ofLayers(
            json, settings.layers(), window, layer -> positions.get(layer) == Positions.NONE));
  }

  /** {@code no_rope_layers} is 1 for layers with positions and 0 for those without. */
  private static List<Positions> positions(ConfigJson json, int layers) {
    List<Positions> positions = new ArrayList<>();
    if (json.has("no_rope_layers")) {
      List<Integer> turning = json.integers("no_rope_layers");
      if (turning.size() < layers) {
        throw json.mismatch("no_rope_layers", "a list of %d, one for each layer".formatted(layers));
      }
      for (int i = 0; i < layers; i++) {
        positions.add(turning.get(i) == 0 ? Positions.NONE : Positions.ROTARY);
      }
      return List.copyOf(positions);
    }
    int every = json.integer("no_rope_layer_interval", WITHOUT_POSITIONS_EVERY);
    if (every < 1) {
      throw json.mismatch("no_rope_layer_interval", "at least 1");
    }
    for (int i = 0; i < layers; i++) {
      positions.add((i + 1) % every == 0 ? Positions.NONE : Positions.ROTARY);
    }
    return List.copyOf(positions);
  }

  @Override
  public String modelType() {
    return "smollm3";
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
    return "SmolLM3For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return SmolLm3.over(this, weights);
  }
}
