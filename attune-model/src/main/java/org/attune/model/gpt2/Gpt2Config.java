package org.attune.model.gpt2;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.EachTokenHead;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a GPT-2.
 *
 * @param intermediateSize channels inside the feed-forward block
 * @param dropout by place; that of a head is a token classifier's
 * @param exactGelu whether the activation is the exact GELU rather than its tanh approximation
 */
public record Gpt2Config(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int contextLength,
    double normEpsilon,
    boolean exactGelu,
    DropoutRates dropout,
    double initializerRange)
    implements Architecture {
  private static final double DROPOUT = 0.1;

  /**
   * Reads the keys that a GPT-2 has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Gpt2Config read(ConfigJson json) {
    int hiddenSize = json.integer("n_embd");
    int heads = json.integer("n_head");
    if (heads < 1 || hiddenSize % heads != 0) {
      throw json.mismatch("n_head", "a divisor of n_embd");
    }
    String activation = json.text("activation_function", "gelu_new");
    if (!List.of("gelu_new", "gelu_pytorch_tanh", "gelu").contains(activation)) {
      throw json.mismatch("activation_function", "gelu_new, gelu_pytorch_tanh or gelu");
    }
    if (!json.flag("scale_attn_weights", true)) {
      throw json.mismatch("scale_attn_weights", "true");
    }
    for (String key : List.of("scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn")) {
      if (json.flag(key, false)) {
        throw json.mismatch(key, "false; true is not supported");
      }
    }
    if (!json.flag("tie_word_embeddings", true)) {
      throw json.mismatch("tie_word_embeddings", "true");
    }
    return new Gpt2Config(
        json.integer("vocab_size"),
        hiddenSize,
        json.has("n_inner") ? json.integer("n_inner") : 4 * hiddenSize,
        json.integer("n_layer"),
        heads,
        json.integer("n_positions", 1024),
        json.number("layer_norm_epsilon", 1e-5),
        activation.equals("gelu"),
        new DropoutRates(
            DropoutRates.read(json, "embd_pdrop", DROPOUT),
            DropoutRates.read(json, "resid_pdrop", DROPOUT),
            DropoutRates.read(json, "attn_pdrop", DROPOUT),
            DropoutRates.ofTokenHead(json)),
        json.number("initializer_range", 0.02));
  }

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String bodyPrefix() {
    return "transformer.";
  }

  @Override
  public int keyHeads() {
    return heads;
  }

  @Override
  public int headSize() {
    return hiddenSize / heads;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec("transformer.wte.weight", vocabularySize, hiddenSize));
    specs.add(new WeightSpec("transformer.wpe.weight", contextLength, hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "transformer.h." + i + ".";
      norm(specs, layer + "ln_1");
      linear(specs, layer + "attn.c_attn", hiddenSize, 3 * hiddenSize);
      linear(specs, layer + "attn.c_proj", hiddenSize, hiddenSize);
      norm(specs, layer + "ln_2");
      linear(specs, layer + "mlp.c_fc", hiddenSize, intermediateSize);
      linear(specs, layer + "mlp.c_proj", intermediateSize, hiddenSize);
    }
    norm(specs, "transformer.ln_f");
    return specs;
  }

  private void norm(List<WeightSpec> specs, String name) {
    specs.add(new WeightSpec(name + ".weight", hiddenSize));
    specs.add(new WeightSpec(name + ".bias", hiddenSize));
  }

  private static void linear(List<WeightSpec> specs, String name, int in, int out) {
    specs.add(new WeightSpec(name + ".weight", in, out));
    specs.add(new WeightSpec(name + ".bias", out));
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return List.of();
  }

  @Override
  public ClassifierHead tokenHead(int labels) {
    return new EachTokenHead("classifier", hiddenSize, labels, dropout.head());
  }

  @Override
  public List<String> headPrefixes() {
    return List.of("lm_head.weight", "score.", "v_head.", "classifier.");
  }

  @Override
  public String className(String head) {
    return head.equals("CausalLM") ? "GPT2LMHeadModel" : "GPT2For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Gpt2(this, weights);
  }
}
