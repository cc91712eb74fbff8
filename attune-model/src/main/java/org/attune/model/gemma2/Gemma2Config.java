package org.attune.model.gemma2;

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
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Gemma 2.
 *
 * @param attentionBias whether the projections around attention add a bias
 * @param queryScalar scores are divided by its root
 * @param attentionSoftcap bounds scores; 0 for none
 * @param logitSoftcap bounds logits; 0 for none
 * @param windows how many of the latest tokens each layer sees; 0 for all
 */
public record Gemma2Config(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    boolean attentionBias,
    double queryScalar,
    double attentionSoftcap,
    double logitSoftcap,
    List<Integer> windows)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(8192, 1e-6, true, KeyHeads.REQUIRED, 256);
  private static final double ROTARY_BASE = 10_000;
  private static final int WINDOW = 4096;
  private static final double QUERY_SCALAR = 256;
  private static final double ATTENTION_SOFTCAP = 50;
  private static final double LOGIT_SOFTCAP = 30;

  /**
   * Reads the keys that a Gemma 2 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Gemma2Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "attention_bias",
            "query_pre_attn_scalar",
            "attn_logit_softcapping",
            "final_logit_softcapping",
            "sliding_window",
            "sliding_window_size"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Gemma2Config(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_activation", Activation.GELU_TANH),
        json.flag("attention_bias", false),
        queryScalar(json),
        Softcap.read(json, "attn_logit_softcapping", ATTENTION_SOFTCAP),
        Softcap.read(json, "final_logit_softcapping", LOGIT_SOFTCAP),
        windows(json, settings.layers()));
  }

  private static double queryScalar(ConfigJson json) {
    double scalar = json.number("query_pre_attn_scalar", QUERY_SCALAR);
    if (!(scalar > 0)) {
      throw json.mismatch("query_pre_attn_scalar", "a number above 0");
    }
    return scalar;
  }

  /** Layers slide in turns, the first of them first. */
  private static List<Integer> windows(ConfigJson json, int layers) {
    int window = SlidingWindows.width(json, WINDOW);
    if (json.integer("sliding_window_size", window) != window) {
      throw json.mismatch("sliding_window_size", "the same as sliding_window, " + window);
    }
    return SlidingWindows.ofLayers(json, layers, window, layer -> layer % 2 == 0);
  }

  @Override
  public String modelType() {
    return "gemma2";
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
                .norms(
                    "input_layernorm",
                    "post_attention_layernorm",
                    "pre_feedforward_layernorm",
                    "post_feedforward_layernorm"));
  }

  @Override
  public String className(String head) {
    return "Gemma2For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Gemma2(this, weights);
  }
}
