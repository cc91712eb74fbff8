package org.attune.model.gemma3;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.SlidingWindows;
import org.attune.model.decoder.Softcap;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.rotary.Unscaled;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Gemma 3.
 *
 * @param windowRotary how positions turn in layers that see a window
 * @param attentionBias whether the projections around attention add a bias
 * @param queryScalar scores are divided by its root
 * @param logitSoftcap bounds logits; 0 for none
 * @param windows how many of the latest tokens each layer sees; 0 for all
 */
public record Gemma3Config(
    DecoderSettings settings,
    RotaryScaling rotary,
    RotaryScaling windowRotary,
    Activation activation,
    boolean attentionBias,
    double queryScalar,
    double logitSoftcap,
    List<Integer> windows)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(131_072, 1e-6, true, KeyHeads.REQUIRED, 256);
  private static final double ROTARY_BASE = 1_000_000;
  private static final double WINDOW_ROTARY_BASE = 10_000;
  private static final int WHOLE_EVERY = 6;
  private static final int WINDOW = 4096;
  private static final double QUERY_SCALAR = 256;

  /**
   * Reads the keys that a Gemma 3 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Gemma3Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "attention_bias",
            "query_pre_attn_scalar",
            "final_logit_softcapping",
            "sliding_window",
            "sliding_window_pattern",
            "_sliding_window_pattern",
            "rope_local_base_freq"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Gemma3Config(
        settings,
        rotary(json, "full_attention", settings),
        rotary(json, "sliding_attention", settings),
        Activation.read(json, "hidden_activation", Activation.GELU_TANH),
        json.flag("attention_bias", false),
        queryScalar(json),
        Softcap.read(json, "final_logit_softcapping", 0),
        windows(json, settings.layers()));
  }

  private static double queryScalar(ConfigJson json) {
    double scalar = json.number("query_pre_attn_scalar", QUERY_SCALAR);
    if (!(scalar > 0)) {
      throw json.mismatch("query_pre_attn_scalar", "a number above 0");
    }
    return scalar;
  }

  /** All but every sixth layer slide. */
  private static List<Integer> windows(ConfigJson json, int layers) {
    int every = json.integer("sliding_window_pattern", WHOLE_EVERY);
    if (every < 1) {
      throw json.mismatch("sliding_window_pattern", "at least 1");
    }
    return SlidingWindows.ofLayers(
        json, layers, SlidingWindows.width(json, WINDOW), layer -> (layer + 1) % every != 0);
  }

  /**
   * transformers 5 nests {@code rope_parameters} by type of layer; in transformers 4, {@code
   * rope_theta} and {@code rope_scaling} are those of layers that see whole texts, and {@code
   * rope_local_base_freq} is the base of the others.
   */
  private static RotaryScaling rotary(ConfigJson json, String type, DecoderSettings settings) {
    boolean whole = type.equals("full_attention");
    int headSize = settings.heads().headSize();
    if (json.object("rope_parameters").isPresent()) {
      ConfigJson nested = json.object("rope_parameters").get();
      for (String key : nested.keys()) {
        if (!key.equals("full_attention") && !key.equals("sliding_attention")) {
          throw nested.mismatch(key, "inside full_attention or sliding_attention");
        }
      }
      double base = whole ? ROTARY_BASE : WINDOW_ROTARY_BASE;
      return RotaryParameters.read(
          json, nested.object(type), RotaryParameters.Defaults.of(headSize, base));
    }
    return whole
        ? RotaryParameters.read(
            json, json.object("rope_scaling"), RotaryParameters.Defaults.of(headSize, ROTARY_BASE))
        : new Unscaled(headSize, json.number("rope_local_base_freq", WINDOW_ROTARY_BASE));
  }

  @Override
  public String modelType() {
    return "gemma3_text";
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
                .norm("self_attn.q_norm", headSize())
                .norm("self_attn.k_norm", headSize())
                .norms(
                    "input_layernorm",
                    "post_attention_layernorm",
                    "pre_feedforward_layernorm",
                    "post_feedforward_layernorm"));
  }

  @Override
  public String className(String head) {
    return head.equals("CausalLM") ? "Gemma3ForCausalLM" : "Gemma3TextFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Gemma3(this, weights);
  }
}
