package org.attune.model.falcon;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.HeadLayout;
import org.attune.model.decoder.LayerNorm;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.rotary.RotaryParameters;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of a Falcon.
 *
 * @param intermediateSize channels inside the feed-forward block
 * @param positions {@code max_position_embeddings}
 * @param rotary not looked at where {@code alibi} is set
 * @param alibi whether attention knows positions by distance rather than by rotation
 * @param order of attention and feed-forward
 * @param hiddenDropout share of what a layer adds that training drops
 * @param attentionDropout share of attention's weights likewise, with {@code alibi}; and of what
 *     attention adds in {@link Order#ONE_AFTER_THE_OTHER}
 * @param biased whether linear layers add a bias
 * @param tied whether the output layer shares the embedding's weights
 */
public record FalconConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    HeadLayout heads,
    int positions,
    RotaryScaling rotary,
    boolean alibi,
    Order order,
    Activation activation,
    double normEpsilon,
    double hiddenDropout,
    double attentionDropout,
    boolean biased,
    boolean tied,
    double initializerRange)
    implements Architecture {
  private static final int POSITIONS = 2048;
  private static final double ROTARY_BASE = 10_000;

  /** What the feed-forward block of a layer reads, and through which norm. */
  public enum Order {
    /** What attention made of the input, through a norm of its own: Falcon-RW. */
    ONE_AFTER_THE_OTHER("input_layernorm", "post_attention_layernorm"),
    /** The layer's input, through attention's norm: Falcon-7B. */
    PARALLEL("input_layernorm", "input_layernorm"),
    /** The layer's input, through a norm of its own: Falcon-40B. */
    PARALLEL_WITH_TWO_NORMS("ln_attn", "ln_mlp");

    private final String attentionNorm;
    private final String feedForwardNorm;

    Order(String attentionNorm, String feedForwardNorm) {
      this.attentionNorm = attentionNorm;
      this.feedForwardNorm = feedForwardNorm;
    }

    /** The name of the norm before attention. */
    String attentionNorm() {
      return attentionNorm;
    }

    /** The name of the norm before the feed-forward block; it may be the same. */
    String feedForwardNorm() {
      return feedForwardNorm;
    }
  }

  /**
   * Reads the keys that a Falcon has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static FalconConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "alibi",
            "bias",
            "parallel_attn",
            "num_ln_in_parallel_attn",
            "layer_norm_epsilon",
            "hidden_dropout"));
    HeadLayout heads = heads(json);
    int hiddenSize = json.atLeastOne("hidden_size");
    return new FalconConfig(
        json.atLeastOne("vocab_size"),
        hiddenSize,
        json.has("ffn_hidden_size") ? json.atLeastOne("ffn_hidden_size") : 4 * hiddenSize,
        json.atLeastOne("num_hidden_layers"),
        heads,
        json.integer("max_position_embeddings", POSITIONS),
        RotaryParameters.read(json, RotaryParameters.Defaults.of(heads.headSize(), ROTARY_BASE)),
        json.flag("alibi", false),
        order(json),
        Activation.read(json, "activation", Activation.GELU),
        json.number("layer_norm_epsilon", 1e-5),
        DropoutRates.read(json, "hidden_dropout", 0),
        DropoutRates.read(json, "attention_dropout", 0),
        json.flag("bias", false),
        json.flag("tie_word_embeddings", true),
        json.number("initializer_range", 0.02));
  }

  /** One key head, or with the new architecture several, or as many as heads. */
  private static HeadLayout heads(ConfigJson json) {
    HeadLayout equal = HeadLayout.ofEqualShares(json);
    boolean grouped = json.flag("new_decoder_architecture", false);
    if (!grouped && json.flag("multi_query", true)) {
      return equal.withKeyHeads(1);
    }
    int keyHeads = json.integer("num_kv_heads", equal.heads());
    if (keyHeads < 1 || equal.heads() % keyHeads != 0) {
      throw json.mismatch("num_kv_heads", "a divisor of num_attention_heads");
    }
    if (!grouped && keyHeads != equal.heads()) {
      throw json.mismatch(
          "num_kv_heads", "num_attention_heads without multi_query or new_decoder_architecture");
    }
    return equal.withKeyHeads(keyHeads);
  }

  private static Order order(ConfigJson json) {
    boolean parallel = json.flag("parallel_attn", true);
    if (!json.flag("new_decoder_architecture", false)) {
      return parallel ? Order.PARALLEL : Order.ONE_AFTER_THE_OTHER;
    }
    if (!parallel) {
      throw json.mismatch("parallel_attn", "true with new_decoder_architecture");
    }
    return switch (json.integer("num_ln_in_parallel_attn", 2)) {
      case 1 -> Order.PARALLEL;
      case 2 -> Order.PARALLEL_WITH_TWO_NORMS;
      default -> throw json.mismatch("num_ln_in_parallel_attn", "1 or 2");
    };
  }

  @Override
  public String modelType() {
    return "falcon";
  }

  @Override
  public String bodyPrefix() {
    return "transformer.";
  }

  @Override
  public int keyHeads() {
    return heads.keyHeads();
  }

  @Override
  public int headSize() {
    return heads.headSize();
  }

  @Override
  public int contextLength() {
    return alibi ? positions : rotary.contextLength(positions);
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec("transformer.word_embeddings.weight", vocabularySize, hiddenSize));
    long fused = heads.queryWidth() + 2 * heads.keyWidth();
    for (int i = 0; i < layers; i++) {
      String layer = "transformer.h." + i + ".";
      specs.addAll(LayerNorm.specs(layer + order.attentionNorm(), hiddenSize));
      if (order != Order.PARALLEL) {
        specs.addAll(LayerNorm.specs(layer + order.feedForwardNorm(), hiddenSize));
      }
      String attention = layer + "self_attention.";
      specs.addAll(WeightSpec.linear(attention + "query_key_value", biased, hiddenSize, fused));
      specs.addAll(WeightSpec.linear(attention + "dense", biased, hiddenSize, hiddenSize));
      String mlp = layer + "mlp.";
      specs.addAll(WeightSpec.linear(mlp + "dense_h_to_4h", biased, hiddenSize, intermediateSize));
      specs.addAll(WeightSpec.linear(mlp + "dense_4h_to_h", biased, intermediateSize, hiddenSize));
    }
    specs.addAll(LayerNorm.specs("transformer.ln_f", hiddenSize));
    return specs;
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return tied ? List.of() : List.of(new WeightSpec("lm_head.weight", vocabularySize, hiddenSize));
  }

  @Override
  public String className(String head) {
    return "FalconFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Falcon(this, weights);
  }
}
