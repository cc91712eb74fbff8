package org.attune.model.bert;

import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;

/** BERT. Devlin et al. 2019 (arXiv:1810.04805). */
public final class Bert {
  private static final BertFamily FAMILY =
      new BertFamily(
          "bert",
          "Bert",
          "bert.",
          BertNames.of(
              "bert.",
              "cls.predictions.transform.dense",
              "cls.predictions.transform.LayerNorm",
              "cls.predictions.bias"),
          "bert.pooler.dense",
          Activation.TANH,
          "classifier",
          false,
          List.of(
              "bert.pooler.",
              "pooler.",
              "classifier.",
              "cls.predictions.transform.",
              "cls.predictions.bias",
              "cls.predictions.decoder.", // the embedding's matrix and that bias, stored again
              "cls.seq_relationship."));

  private static final String ACTIVATION = "hidden_act";
  private static final double DROPOUT = 0.1;

  private Bert() {}

  /**
   * Reads the keys that a BERT has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Architecture read(ConfigJson json) {
    return new BertArchitecture(
        shape(json, 0, 0, Activation.read(json, ACTIVATION, Activation.GELU)), FAMILY);
  }

  private static DropoutRates dropout(ConfigJson json) {
    double hidden = DropoutRates.read(json, "hidden_dropout_prob", DROPOUT);
    return new DropoutRates(
        hidden,
        hidden,
        DropoutRates.read(json, "attention_probs_dropout_prob", DROPOUT),
        DropoutRates.read(json, "classifier_dropout", hidden));
  }

  /** What BERT and RoBERTa call alike. */
  static BertShape shape(
      ConfigJson json, int padId, int firstPosition, Activation outputActivation) {
    int hiddenSize = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    if (heads < 1 || hiddenSize % heads != 0) {
      throw json.mismatch("num_attention_heads", "a divisor of hidden_size");
    }
    for (String key : List.of("is_decoder", "add_cross_attention")) {
      if (json.flag(key, false)) {
        throw json.mismatch(key, "false; an encoder cannot be used as a decoder here");
      }
    }
    if (!json.text("position_embedding_type", "absolute").equals("absolute")) {
      throw json.mismatch("position_embedding_type", "absolute; nothing else is supported");
    }
    if (!json.flag("tie_word_embeddings", true)) {
      throw json.mismatch("tie_word_embeddings", "true");
    }
    DropoutRates dropout = dropout(json);
    return new BertShape(
        json.integer("vocab_size"),
        hiddenSize,
        json.integer("intermediate_size"),
        json.integer("num_hidden_layers"),
        heads,
        json.integer("max_position_embeddings", 512),
        firstPosition,
        json.integer("type_vocab_size", 2),
        padId,
        json.number("layer_norm_eps", 1e-12),
        Activation.read(json, ACTIVATION, Activation.GELU),
        outputActivation,
        dropout,
        true,
        dropout.head(),
        json.number("initializer_range", 0.02));
  }
}
