package org.attune.model.bert;

import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Architecture;

/**
 * RoBERTa, DistilRoBERTa among its sizes: BERT's blocks with positions that count from behind the
 * pad token's id. Liu et al. 2019 (arXiv:1907.11692).
 */
public final class Roberta {
  private static final BertFamily FAMILY =
      new BertFamily(
          "roberta",
          "Roberta",
          "roberta.",
          BertNames.of("roberta.", "lm_head.dense", "lm_head.layer_norm", "lm_head.bias"),
          "classifier.dense",
          Activation.TANH,
          "classifier.out_proj",
          true,
          List.of(
              "roberta.pooler.",
              "pooler.",
              "classifier.",
              "lm_head.dense.",
              "lm_head.layer_norm.",
              "lm_head.decoder.", // the embedding's matrix and the bias, stored again
              "lm_head.bias"));

  private Roberta() {}

  /**
   * Reads the keys that a RoBERTa has.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if a key is missing, or asks for
   *     something that this family does not compute here
   */
  public static Architecture read(ConfigJson json) {
    int padId = json.integer("pad_token_id", 1);
    if (padId < 0 || padId + 1 >= json.integer("max_position_embeddings", 512)) {
      throw json.mismatch(
          "pad_token_id",
          "at least 0 and below max_position_embeddings: positions begin behind it");
    }
    return new BertArchitecture(Bert.shape(json, padId, padId + 1, Activation.GELU), FAMILY);
  }
}
