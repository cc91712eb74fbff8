package org.attune.model.qwen2moe;

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
 * What {@code config.json} says of a Qwen 2 with experts.
 *
 * @param windows how many of the latest tokens each layer sees; 0 for all
 * @param attentionBias whether queries, keys and values have a bias, {@code qkv_bias}
 * @param sharedWidth channels inside the expert that computes every token
 */
public record Qwen2MoeConfig(
    DecoderSettings settings,
    RotaryScaling rotary,
    Activation activation,
    List<Integer> windows,
    boolean attentionBias,
    ExpertSettings experts,
    int sharedWidth)
    implements ExpertArchitecture {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32_768, 1e-6, false, KeyHeads.REQUIRED, 0);
  private static final ExpertSettings.Defaults EXPERTS = new ExpertSettings.Defaults(60, 4);
  private static final double ROTARY_BASE = 10_000;
  private static final int WINDOW = 4096;
  private static final int SLIDING_LAYERS = 28;

  /**
   * Reads the keys that a Qwen 2 with experts has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Qwen2MoeConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "use_sliding_window",
            "sliding_window",
            "max_window_layers",
            "qkv_bias",
            "num_experts",
            "num_local_experts",
            "num_experts_per_tok",
            "shared_expert_intermediate_size",
            "norm_topk_prob"));
    DecoderSettings settings = DecoderSettings.read(json, DEFAULTS);
    return new Qwen2MoeConfig(
        settings,
        RotaryParameters.read(
            json, RotaryParameters.Defaults.of(settings.heads().headSize(), ROTARY_BASE)),
        Activation.read(json, "hidden_act", Activation.SILU),
        windows(json, settings.layers()),
        json.flag("qkv_bias", true),
        ExpertSettings.ofSomeLayers(json, settings.layers(), EXPERTS),
        json.atLeastOne("shared_expert_intermediate_size"));
  }

  /**
   * Every other layer before {@code max_window_layers}, where {@code use_sliding_window} is set.
   */
  private static List<Integer> windows(ConfigJson json, int layers) {
    int window = json.flag("use_sliding_window", false) ? SlidingWindows.width(json, WINDOW) : 0;
    int end = json.integer("max_window_layers", SLIDING_LAYERS);
    return SlidingWindows.ofLayers(json, layers, window, layer -> layer % 2 == 0 && layer < end);
  }

  @Override
  public String modelType() {
    return "qwen2_moe";
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
    layer.attention(attentionBias, false);
    if (experts.sparse().get(layer.index())) {
      Experts.list(layer, experts, expertNames(), hiddenSize());
      layer
          .linear(false, "mlp.shared_expert.gate_proj", hiddenSize(), sharedWidth)
          .linear(false, "mlp.shared_expert.up_proj", hiddenSize(), sharedWidth)
          .linear(false, "mlp.shared_expert.down_proj", sharedWidth, hiddenSize())
          .linear(false, "mlp.shared_expert_gate", hiddenSize(), 1);
    } else {
      layer.gatedFeedForward(false);
    }
    layer.norms("input_layernorm", "post_attention_layernorm");
  }

  @Override
  public String className(String head) {
    return "Qwen2MoeFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return Qwen2Moe.over(this, weights);
  }
}
