package org.attune.model.qwen3moe;

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
 * What {@code config.json} says of a Qwen 3 with experts.
 *
 * @param window how many of the latest tokens every layer sees; 0 for all
 * @param attentionBias whether the projections around attention add a bias
 */
public record Qwen3MoeConfig(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    int window,
    boolean attentionBias,
    ExpertSettings experts)
    implements ExpertArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32_768, 1e-6, false, KeyHeads.REQUIRED, 0);
  private static final ExpertSettings.Defaults EXPERTS = new ExpertSettings.Defaults(128, 8);
  private static final double ROTARY_BASE = 10_000;
  private static final int WINDOW = 4096;

  /**
   * Reads the keys that a Qwen 3 with experts has. {@code max_window_layers} stands in old files
   * and means nothing.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Qwen3MoeConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "use_sliding_window",
            "sliding_window",
            "max_window_layers",
            "attention_bias",
            "num_experts",
            "num_local_experts",
            "num_experts_per_tok",
            "norm_topk_prob"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Qwen3MoeConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        json.flag("use_sliding_window", false) ? SlidingWindows.width(json, WINDOW) : 0,
        json.flag("attention_bias", false),
        ExpertSettings.ofSomeLayers(json, settings.layers(), EXPERTS));
  }

  @Override
  public String modelType() {
    return "qwen3_moe";
  }

  @Override
  public ExpertNames expertNames() {
    return ExpertNames.QWEN;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    return LayerSpecs.body(settings, this::list);
  }

  private void list(LayerSpecs layer) {
    layer.attention(attentionBias, attentionBias);
    if (experts.sparse().get(layer.index())) {
      Experts.list(layer, experts, expertNames(), hiddenSize());
    } else {
      layer.gatedFeedForward(false);
    }
    layer
        .norm("self_attn.q_norm", headSize())
        .norm("self_attn.k_norm", headSize())
        .norms("input_layernorm", "post_attention_layernorm");
  }

  @Override
  public String className(String head) {
    return "Qwen3MoeFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Qwen3Moe.over(this, weights);
  }
}
