package org.attune.model.qwen3;

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
 * What {@code config.json} says of a Qwen 3.
 *
 * @param attentionBias whether the projections around attention add a bias
 * @param windows how many of the latest tokens each layer sees; 0 for all
 */
public record Qwen3Config(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    boolean attentionBias,
    List<Integer> windows)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32_768, 1e-6, false, KeyHeads.REQUIRED, 128);
  private static final double ROTARY_BASE = 10_000;
  private static final int WINDOW = 4096;
  private static final int FIRST_SLIDING = 28;

  /**
   * Reads the keys that a Qwen 3 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Qwen3Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of("attention_bias", "use_sliding_window", "sliding_window", "max_window_layers"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Qwen3Config(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        json.flag("attention_bias", false),
        windows(json, settings.layers()));
  }

  /** Layers from {@code max_window_layers} on slide, where {@code use_sliding_window} is set. */
  private static List<Integer> windows(ConfigJson json, int layers) {
    int window = json.flag("use_sliding_window", false) ? SlidingWindows.width(json, WINDOW) : 0;
    int first = json.integer("max_window_layers", FIRST_SLIDING);
    return SlidingWindows.ofLayers(json, layers, window, layer -> layer >= first);
  }

  @Override
  public String modelType() {
    return "qwen3";
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .attention(attentionBias, attentionBias)
                .gatedFeedForward(false)
                .norm("self_attn.q_norm", headSize())
                .norm("self_attn.k_norm", headSize())
                .norms("input_layernorm", "post_attention_layernorm"));
  }

  @Override
  public String className(String head) {
    return "Qwen3For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Qwen3.over(this, weights);
  }
}
