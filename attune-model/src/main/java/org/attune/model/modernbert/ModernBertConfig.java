package org.attune.model.modernbert;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a ModernBERT.
 *
 * @param windows of each layer: how far it sees to either side, its own token included; 0 for all
 * @param globalBase base of the rotary angles of layers that see all
 * @param localBase base of the rotary angles of the others
 * @param activation of the gate in the feed-forward block
 * @param tied whether the scores of masked tokens use the embedding's matrix
 * @param outputBias whether they have a bias
 * @param dropout by place; what attention adds is dropped at the rate of attention's weights
 * @param head what stands before every head's last layer
 */
public record ModernBertConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int heads,
    int contextLength,
    List<Integer> windows,
    double globalBase,
    double localBase,
    double normEpsilon,
    boolean normBias,
    boolean attentionBias,
    boolean feedForwardBias,
    Activation activation,
    boolean tied,
    boolean outputBias,
    DropoutRates dropout,
    ModernBertHead head,
    double initializerRange)
    implements Architecture {
  private static final String LOCAL = "sliding_attention";
  private static final String GLOBAL = "full_attention";

  private static final List<String> TYPES = List.of(GLOBAL, LOCAL);

  public ModernBertConfig {
    windows = List.copyOf(windows);
  }

  /**
   * Reads the keys that a ModernBERT has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static ModernBertConfig read(ConfigJson json) {
    int hiddenSize = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    if (heads < 1 || hiddenSize % heads != 0 || hiddenSize / heads % 2 != 0) {
      throw json.mismatch(
          "num_attention_heads", "a divisor of hidden_size that leaves each head an even size");
    }
    double normEpsilon = json.number("norm_eps", 1e-5);
    boolean normBias = json.flag("norm_bias", false);
    DropoutRates dropout =
        new DropoutRates(
            DropoutRates.read(json, "embedding_dropout", 0),
            DropoutRates.read(json, "mlp_dropout", 0),
            DropoutRates.read(json, "attention_dropout", 0),
            DropoutRates.read(json, "classifier_dropout", 0));
    return new ModernBertConfig(
        json.integer("vocab_size"),
        hiddenSize,
        json.integer("intermediate_size"),
        heads,
        json.integer("max_position_embeddings", 8192),
        windows(json),
        base(json, GLOBAL, "global_rope_theta", 160000),
        base(json, LOCAL, "local_rope_theta", 10000),
        normEpsilon,
        normBias,
        json.flag("attention_bias", false),
        json.flag("mlp_bias", false),
        Activation.read(json, "hidden_activation", Activation.GELU),
        json.flag("tie_word_embeddings", true),
        json.flag("decoder_bias", true),
        dropout,
        new ModernBertHead(
            hiddenSize,
            json.flag("classifier_bias", false),
            normBias,
            normEpsilon,
            Activation.read(json, "classifier_activation", Activation.GELU),
            pooling(json),
            dropout.head()),
        json.number("initializer_range", 0.02));
  }

  /** In transformers 5 every layer has a type; before, every n-th one saw all. */
  private static List<Integer> windows(ConfigJson json) {
    int local = json.integer("local_attention", 128) / 2 + 1;
    List<String> types = json.texts("layer_types");
    int layers = json.integer("num_hidden_layers");
    int every = json.integer("global_attn_every_n_layers", 3);
    if (every < 1) {
      throw json.mismatch("global_attn_every_n_layers", "at least 1");
    }
    if (!types.isEmpty() && (types.size() != layers || !TYPES.containsAll(types))) {
      throw json.mismatch("layer_types", String.join(" or ", TYPES) + " for every layer");
    }
    List<Integer> windows = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      boolean isLocal = types.isEmpty() ? i % every != 0 : LOCAL.equals(types.get(i));
      windows.add(isLocal ? local : 0);
    }
    return windows;
  }

  /** The base in either dialect; any scaling of the angles is refused rather than ignored. */
  private static double base(ConfigJson json, String layers, String olderKey, double otherwise) {
    if (json.has("rope_scaling")) {
      throw json.mismatch("rope_scaling", "absent; scaled angles are not supported");
    }
    double older = json.number(olderKey, otherwise);
    return json.object("rope_parameters")
        .flatMap(parameters -> parameters.object(layers))
        .map(
            rope -> {
              if (!rope.text("rope_type", "default").equals("default")) {
                throw rope.mismatch("rope_type", "default; scaled angles are not supported");
              }
              return rope.number("rope_theta", older);
            })
        .orElse(older);
  }

  private static ModernBertHead.Pooling pooling(ConfigJson json) {
    String name = json.text("classifier_pooling", "cls");
    return switch (name) {
      case "cls" -> ModernBertHead.Pooling.FIRST;
      case "mean" -> ModernBertHead.Pooling.MEAN;
      default -> throw json.mismatch("classifier_pooling", "cls or mean");
    };
  }

  @Override
  public String modelType() {
    return "modernbert";
  }

  @Override
  public String bodyPrefix() {
    return "model.";
  }

  @Override
  public int layers() {
    return windows.size();
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
  public boolean isEncoder() {
    return true;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec("model.embeddings.tok_embeddings.weight", vocabularySize, hiddenSize));
    norm(specs, "model.embeddings.norm");
    for (int i = 0; i < layers(); i++) {
      String layer = "model.layers." + i + ".";
      if (i > 0) { // the first layer's input is normed by the embedding
        norm(specs, layer + "attn_norm");
      }
      linear(specs, layer + "attn.Wqkv", hiddenSize, 3 * hiddenSize, attentionBias);
      linear(specs, layer + "attn.Wo", hiddenSize, hiddenSize, attentionBias);
      norm(specs, layer + "mlp_norm");
      linear(specs, layer + "mlp.Wi", hiddenSize, 2 * intermediateSize, feedForwardBias);
      linear(specs, layer + "mlp.Wo", intermediateSize, hiddenSize, feedForwardBias);
    }
    norm(specs, "model.final_norm");
    return specs;
  }

  private void norm(List<WeightSpec> specs, String name) {
    specs.add(new WeightSpec(name + ".weight", hiddenSize));
    if (normBias) {
      specs.add(new WeightSpec(name + ".bias", hiddenSize));
    }
  }

  private static void linear(
      List<WeightSpec> specs, String name, int in, int out, boolean withBias) {
    specs.add(new WeightSpec(name + ".weight", out, in));
    if (withBias) {
      specs.add(new WeightSpec(name + ".bias", out));
    }
  }

  @Override
  public List<WeightSpec> outputWeights() {
    List<WeightSpec> specs = new ArrayList<>(head.weights());
    if (!tied) {
      specs.add(new WeightSpec("decoder.weight", vocabularySize, hiddenSize));
    }
    if (outputBias) {
      specs.add(new WeightSpec("decoder.bias", vocabularySize));
    }
    return specs;
  }

  @Override
  public ClassifierHead sequenceHead(int labels) {
    return head.ofSequences(labels);
  }

  @Override
  public ClassifierHead tokenHead(int labels) {
    return head.ofTokens(labels);
  }

  @Override
  public List<String> headPrefixes() {
    return List.of("head.", "decoder.weight", "decoder.bias", "classifier.");
  }

  @Override
  public String className(String head) {
    return "ModernBertFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new ModernBert(this, weights);
  }
}
