package org.attune.model.gptneox;

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
 * What {@code config.json} says of a GPT-NeoX.
 *
 * @param intermediateSize channels inside the feed-forward block
 * @param positions {@code max_position_embeddings}
 * @param dropout by place; that of a head is a token classifier's
 * @param parallelResidual whether attention and feed-forward read the same input
 * @param attentionBias whether the projections around attention add a bias
 * @param tied whether the output layer shares the embedding's weights
 */
public record GptNeoxConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    HeadLayout heads,
    int positions,
    RotaryScaling rotary,
    Activation activation,
    double normEpsilon,
    DropoutRates dropout,
    boolean parallelResidual,
    boolean attentionBias,
    boolean tied,
    double initializerRange)
    implements Architecture {
  private static final int POSITIONS = 2048;
  private static final double ROTARY_BASE = 10_000;
  private static final double ROTARY_SHARE = 0.25;

  /**
   * Reads the keys that a GPT-NeoX has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static GptNeoxConfig read(ConfigJson json) {
    UnderstoodKeys.require(
        json,
        Set.of(
            "layer_norm_eps",
            "attention_bias",
            "rotary_emb_base",
            "rotary_pct",
            "hidden_dropout",
            "classifier_dropout"));
    HeadLayout heads = HeadLayout.ofEqualShares(json);
    double hiddenDropout = DropoutRates.read(json, "hidden_dropout", 0);
    return new GptNeoxConfig(
        json.atLeastOne("vocab_size"),
        json.atLeastOne("hidden_size"),
        json.atLeastOne("intermediate_size"),
        json.atLeastOne("num_hidden_layers"),
        heads,
        json.integer("max_position_embeddings", POSITIONS),
        RotaryParameters.read(
            json,
            RotaryParameters.Defaults.ofShare(
                heads.headSize(),
                json.number("rotary_emb_base", ROTARY_BASE),
                json.number("rotary_pct", ROTARY_SHARE))),
        Activation.read(json, "hidden_act", Activation.GELU),
        json.number("layer_norm_eps", 1e-5),
        new DropoutRates(
            hiddenDropout,
            hiddenDropout,
            DropoutRates.read(json, "attention_dropout", 0),
            DropoutRates.read(json, "classifier_dropout", DropoutRates.TOKEN_HEAD)),
        json.flag("use_parallel_residual", true),
        json.flag("attention_bias", true),
        json.flag("tie_word_embeddings", false),
        json.number("initializer_range", 0.02));
  }

  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public String bodyPrefix() {
    return "gpt_neox.";
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
    return rotary.contextLength(positions);
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec("gpt_neox.embed_in.weight", vocabularySize, hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "gpt_neox.layers." + i + ".";
      specs.addAll(LayerNorm.specs(layer + "input_layernorm", hiddenSize));
      specs.addAll(LayerNorm.specs(layer + "post_attention_layernorm", hiddenSize));
      specs.addAll(
          WeightSpec.linear(
              layer + "attention.query_key_value", attentionBias, hiddenSize, 3L * hiddenSize));
      specs.addAll(
          WeightSpec.linear(layer + "attention.dense", attentionBias, hiddenSize, hiddenSize));
      specs.addAll(
          WeightSpec.linear(layer + "mlp.dense_h_to_4h", true, hiddenSize, intermediateSize));
      specs.addAll(
          WeightSpec.linear(layer + "mlp.dense_4h_to_h", true, intermediateSize, hiddenSize));
    }
    specs.addAll(LayerNorm.specs("gpt_neox.final_layer_norm", hiddenSize));
    return specs;
  }

  @Override
  public List<WeightSpec> outputWeights() {
    return tied
        ? List.of()
        : List.of(new WeightSpec("embed_out.weight", vocabularySize, hiddenSize));
  }

  @Override
  public List<String> headPrefixes() {
    return List.of("embed_out.", "score.", "v_head.");
  }

  @Override
  public String className(String head) {
    return "GPTNeoXFor" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new GptNeox(this, weights);
  }
}
