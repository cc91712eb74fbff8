package org.attune.model.opt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.HeadLayout;
import org.attune.model.decoder.LayerNorm;
import org.attune.model.decoder.UnderstoodKeys;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/**
 * What {@code config.json} says of an OPT.
 *
 * @param width channels inside the layers, {@code hidden_size}
 * @param hiddenSize channels of embeddings and of what the model gives, {@code
 *     word_embed_proj_dim}; where it is not {@code width}, projections lead in and out
 * @param intermediateSize channels inside the feed-forward block
 * @param residualDropout share of what a layer adds that training drops
 * @param attentionDropout share of attention's weights likewise
 * @param norms where they stand
 * @param lastNorm whether a norm follows the last layer
 * @param biased whether linear layers add a bias
 * @param tied whether the output layer shares the embedding's weights
 */
public record OptConfig(
    int vocabularySize,
    int width,
    int hiddenSize,
    int intermediateSize,
    int layers,
    HeadLayout heads,
    int contextLength,
    Activation activation,
    double residualDropout,
    double attentionDropout,
    Norms norms,
    boolean lastNorm,
    boolean biased,
    boolean tied,
    double initializerRange)
    implements Architecture {
  /** Rows of the table of positions before that of position 0. */
  static final int FIRST_POSITION = 2;

  private static final int POSITIONS = 2048;

  /** Where a layer has its norms. */
  public enum Norms {
    /** Before attention and before the feed-forward block. */
    BEFORE,
    /** After each, on the sum with its input: OPT-350m. */
    AFTER
  }

  /**
   * Reads the keys that an OPT has. {@code activation_dropout} is read by nobody.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static OptConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "dropout",
            "activation_dropout",
            "do_layer_norm_before",
            "_remove_final_layer_norm",
            "layer_norm_elementwise_affine",
            "enable_bias"));
    if (!json.flag("layer_norm_elementwise_affine", true)) {
      throw json.mismatch("layer_norm_elementwise_affine", "true (norms here have weights)");
    }
    for (String key : List.of("rope_theta", "rope_scaling", "rope_parameters")) {
      if (json.has(key)) {
        throw json.mismatch(key, "absent (positions are learned in this family)");
      }
    }
    int width = json.atLeastOne("hidden_size");
    Norms norms = json.flag("do_layer_norm_before", true) ? Norms.BEFORE : Norms.AFTER;
    return new OptConfig(
        json.atLeastOne("vocab_size"),
        width,
        json.has("word_embed_proj_dim") ? json.atLeastOne("word_embed_proj_dim") : width,
        json.atLeastOne("ffn_dim"),
        json.atLeastOne("num_hidden_layers"),
        HeadLayout.ofEqualShares(json),
        json.integer("max_position_embeddings", POSITIONS),
        Activation.read(json, "activation_function", Activation.RELU),
        DropoutRates.read(json, "dropout", 0.1),
        DropoutRates.read(json, "attention_dropout", 0),
        norms,
        norms == Norms.BEFORE && !json.flag("_remove_final_layer_norm", false),
        json.flag("enable_bias", true),
        json.flag("tie_word_embeddings", true),
        json.number("init_std", 0.02));
  }

  /** Whether projections lead into the layers and out of them. */
  boolean projects() {
    return width != hiddenSize;
  }

  @Override
  public String modelType() {
    return "opt";
  }

  @Override
  public String bodyPrefix() {
    return "model.";
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
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    String decoder = "model.decoder.";
    specs.add(new WeightSpec(decoder + "embed_tokens.weight", vocabularySize, hiddenSize));
    specs.add(
        new WeightSpec(decoder + "embed_positions.weight", contextLength + FIRST_POSITION, width));
    if (projects()) {
      specs.add(new WeightSpec(decoder + "project_in.weight", width, hiddenSize));
      specs.add(new WeightSpec(decoder + "project_out.weight", hiddenSize, width));
    }
    for (int i = 0; i < layers; i++) {
      String layer = decoder + "layers." + i + ".";
      for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        specs.addAll(WeightSpec.linear(layer + "self_attn." + name, biased, width, width));
      }
      specs.addAll(LayerNorm.specs(layer + "self_attn_layer_norm", width));
      specs.addAll(WeightSpec.linear(layer + "fc1", biased, width, intermediateSize));
      specs.addAll(WeightSpec.linear(layer + "fc2", biased, intermediateSize, width));
      specs.addAll(LayerNorm.specs(layer + "final_layer_norm", width));
    }
    if (lastNorm) {
      specs.addAll(LayerNorm.specs(decoder + "final_layer_norm", width));
    }
    return specs;
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return tied ? List.of() : List.of(new WeightSpec("lm_head.weight", vocabularySize, hiddenSize));
  }

  @Override
  public String className(String head) {
    return "OPTFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new Opt(this, weights);
  }
}
