package org.attune.model.llama;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Llama.
 *
 * @param heads query heads of each layer
 * @param keyHeads key and value heads of each layer; divides {@code heads}
 * @param intermediateSize channels inside the feed-forward block
 * @param normEpsilon added to the mean square in norms
 * @param rotaryBase base of the rotary angles
 * @param attentionBias whether the projections around attention add a bias
 * @param feedForwardBias whether the projections of the feed-forward block add a bias
 * @param tied whether the output layer shares the embedding's weights
 */
public record LlamaConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyHeads,
    int headSize,
    int contextLength,
    double normEpsilon,
    double rotaryBase,
    boolean tied,
    boolean attentionBias,
    boolean feedForwardBias,
    double initializerRange)
    implements Architecture {

  /**
   * Reads the keys that a Llama has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static LlamaConfig read(ConfigJson json) {
    int hiddenSize = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int keyHeads = json.integer("num_key_value_heads", heads);
    if (heads < 1 || (hiddenSize % heads != 0 && !json.has("head_dim"))) {
      throw json.mismatch(
          "num_attention_heads", "a divisor of hidden_size where head_dim is absent");
    }
    if (keyHeads < 1 || heads % keyHeads != 0) {
      throw json.mismatch("num_key_value_heads", "a divisor of num_attention_heads");
    }
    requireAbsentOr(json, "hidden_act", "silu");
    return new LlamaConfig(
        json.integer("vocab_size"),
        hiddenSize,
        json.integer("intermediate_size"),
        json.integer("num_hidden_layers"),
        heads,
        keyHeads,
        json.integer("head_dim", hiddenSize / heads),
        json.integer("max_position_embeddings", 2048),
        json.number("rms_norm_eps", 1e-6),
        rotaryBase(json),
        json.flag("tie_word_embeddings", false),
        json.flag("attention_bias", false),
        json.flag("mlp_bias", false),
        json.number("initializer_range", 0.02));
  }

  /** The base in either dialect; any scaling of the angles is refused rather than ignored. */
  private static double rotaryBase(ConfigJson json) {
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      if (json.object(key).isPresent()) {
        ConfigJson rope = json.object(key).get();
        requireAbsentOr(rope, "rope_type", "default");
        requireAbsentOr(rope, "type", "default");
        if (rope.has("rope_theta")) {
          return rope.number("rope_theta");
        }
      }
    }
    return json.number("rope_theta", 10000.0);
  }

  private static void requireAbsentOr(ConfigJson json, String key, String known) {
    if (!json.text(key, known).equals(known)) {
      throw json.mismatch(key, "\"" + known + "\"; nothing else is supported");
    }
  }

  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String bodyPrefix() {
    return "model.";
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec("model.embed_tokens.weight", vocabularySize, hiddenSize));
    long queryWidth = (long) heads * headSize;
    long keyWidth = (long) keyHeads * headSize;
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      specs.add(new WeightSpec(layer + "self_attn.q_proj.weight", queryWidth, hiddenSize));
      specs.add(new WeightSpec(layer + "self_attn.k_proj.weight", keyWidth, hiddenSize));
      specs.add(new WeightSpec(layer + "self_attn.v_proj.weight", keyWidth, hiddenSize));
      specs.add(new WeightSpec(layer + "self_attn.o_proj.weight", hiddenSize, queryWidth));
      specs.add(new WeightSpec(layer + "mlp.gate_proj.weight", intermediateSize, hiddenSize));
      specs.add(new WeightSpec(layer + "mlp.up_proj.weight", intermediateSize, hiddenSize));
      specs.add(new WeightSpec(layer + "mlp.down_proj.weight", hiddenSize, intermediateSize));
      if (attentionBias) {
        specs.add(new WeightSpec(layer + "self_attn.q_proj.bias", queryWidth));
        specs.add(new WeightSpec(layer + "self_attn.k_proj.bias", keyWidth));
        specs.add(new WeightSpec(layer + "self_attn.v_proj.bias", keyWidth));
        specs.add(new WeightSpec(layer + "self_attn.o_proj.bias", hiddenSize));
      }
      if (feedForwardBias) {
        specs.add(new WeightSpec(layer + "mlp.gate_proj.bias", intermediateSize));
        specs.add(new WeightSpec(layer + "mlp.up_proj.bias", intermediateSize));
        specs.add(new WeightSpec(layer + "mlp.down_proj.bias", hiddenSize));
      }
      specs.add(new WeightSpec(layer + "input_layernorm.weight", hiddenSize));
      specs.add(new WeightSpec(layer + "post_attention_layernorm.weight", hiddenSize));
    }
    specs.add(new WeightSpec("model.norm.weight", hiddenSize));
    return specs;
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return tied ? List.of() : List.of(new WeightSpec("lm_head.weight", vocabularySize, hiddenSize));
  }

  @Override
  public String className(String head) {
    return "LlamaFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Llama(this, weights);
  }
}
