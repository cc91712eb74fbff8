package org.attune.model.bert;

import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;

/** DistilBERT: BERT's blocks without token types. Sanh et al. 2019 (arXiv:1910.01108). */
public final class DistilBert {
  private static final BertFamily FAMILY =
      new BertFamily(
          "distilbert",
          "DistilBert",
          "distilbert.",
          new BertNames(
              "distilbert.embeddings.word_embeddings.weight",
              "distilbert.embeddings.position_embeddings.weight",
              null,
              "distilbert.embeddings.LayerNorm",
              "distilbert.transformer.layer.",
              "attention.q_lin",
              "attention.k_lin",
              "attention.v_lin",
              "attention.out_lin",
              "sa_layer_norm",
              "ffn.lin1",
              "ffn.lin2",
              "output_layer_norm",
              "vocab_transform",
              "vocab_layer_norm",
              "vocab_projector.bias"),
          "pre_classifier",
          Activation.RELU,
          "classifier",
          false,
          List.of(
              "vocab_transform.",
              "vocab_layer_norm.",
              "vocab_projector.bias",
              "vocab_projector.weight", // the embedding's matrix, stored again
              "pre_classifier.",
              "classifier."));

  private static final double DROPOUT = 0.1;
  private static final double HEAD_DROPOUT = 0.2;

  private DistilBert() {}

  /**
   * Reads the keys that a DistilBERT has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Architecture read(ConfigJson json) {
    int hiddenSize = json.integer("dim");
    int heads = json.integer("n_heads");
    if (heads < 1 || hiddenSize % heads != 0) {
      throw json.mismatch("n_heads", "a divisor of dim");
    }
    if (!json.flag("tie_word_embeddings", true)) {
      throw json.mismatch("tie_word_embeddings", "true");
    }
    Activation activation = Activation.read(json, "activation", Activation.GELU);
    double dropout = DropoutRates.read(json, "dropout", DROPOUT);
    return new BertArchitecture(
        new BertShape(
            json.integer("vocab_size"),
            hiddenSize,
            json.integer("hidden_dim"),
            json.integer("n_layers"),
            heads,
            json.integer("max_position_embeddings", 512),
            0,
            0,
            0,
            1e-12,
            activation,
            activation,
            new DropoutRates(
                dropout,
                dropout,
                DropoutRates.read(json, "attention_dropout", DROPOUT),
                DropoutRates.read(json, "seq_classif_dropout", HEAD_DROPOUT)),
            false,
            dropout,
            json.number("initializer_range", 0.02)),
        FAMILY);
  }
}
