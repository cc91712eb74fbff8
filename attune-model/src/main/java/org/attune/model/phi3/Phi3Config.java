package org.attune.model.phi3;

import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.decoder.DecoderDefaults;
import org.attune.model.decoder.DecoderDefaults.KeyHeads;
import org.attune.model.decoder.DecoderSettings;
import org.attune.model.decoder.HeadLayout;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.SlidingWindows;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.rotary.LongRopeScaling;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.rotary.Unscaled;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Phi 3.
 *
 * @param window how many of the latest tokens attention sees; 0 for all
 * @param residualDropout share of what a layer adds that training drops
 */
public record Phi3Config(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    int window,
    double residualDropout)
    implements DecoderArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(4096, 1e-5, false, KeyHeads.AS_QUERY_HEADS, 0);
  private static final double ROTARY_BASE = 10_000;

  /**
   * Reads the keys that a Phi 3 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Phi3Config read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "sliding_window",
            "resid_pdrop",
            "embd_pdrop", // read by nobody, as is the next, which is 1 in Phi 4 mini
            "full_attn_mod"));
    if (json.integer("full_attn_mod", 1) != 1) {
      throw json.mismatch("full_attn_mod", "1");
    }
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    RotaryScaling rotary =
        RotaryParameters.read(
            json, RotaryParameters.Defaults.ofShare(settings.heads().headSize(), ROTARY_BASE, 1));
    if (!(rotary instanceof Unscaled || rotary instanceof LongRopeScaling)) {
      throw json.mismatch(
          json.has("rope_parameters") ? "rope_parameters" : "rope_scaling",
          "of the kind default or longrope");
    }
    if (rotary instanceof LongRopeScaling && !json.has("original_max_position_embeddings")) {
      throw json.mismatch("original_max_position_embeddings", "a whole number");
    }
    return new Phi3Config(
        settings,
        rotary,
        Activation.read(json, "hidden_act", Activation.SILU),
        SlidingWindows.width(json, 0),
        DropoutRates.read(json, "resid_pdrop", 0));
  }

  @Override
  public String modelType() {
    return "phi3";
  }

  /** The original computes keys anew where its factors change; other families do not. */
  @Override
  public int keysHoldUpTo() {
    return rotary instanceof LongRopeScaling scaling
        ? scaling.originalLength()
        : DecoderArchitecture.super.keysHoldUpTo();
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    HeadLayout heads = settings.heads();
    int hidden = settings.hiddenSize();
    int inner = settings.intermediateSize();
    return LayerSpecs.body(
        settings,
        layer ->
            layer
                .linear(
                    false, "self_attn.qkv_proj", hidden, heads.queryWidth() + 2 * heads.keyWidth())
                .linear(false, "self_attn.o_proj", heads.queryWidth(), hidden)
                .linear(false, "mlp.gate_up_proj", hidden, 2L * inner)
                .linear(false, "mlp.down_proj", inner, hidden)
                .norms("input_layernorm", "post_attention_layernorm"));
  }

  @Override
  public String className(String head) {
    return "Phi3For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Phi3.over(this, weights);
  }
}
