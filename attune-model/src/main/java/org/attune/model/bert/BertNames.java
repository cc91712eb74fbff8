package org.attune.model.bert;

import org.jspecify.annotations.Nullable;

/**
 * What a family calls the weights of BERT's blocks; names of layers stand behind {@code layers} and
 * the layer's number.
 *
 * @param types the token type table; null where the family has none
 * @param layers such as {@code "bert.encoder.layer."}
 * @param transform the dense layer before the scores of masked tokens
 * @param transformNorm the norm behind it
 * @param outputBias added to the scores of masked tokens, whose matrix is the embedding's
 */
record BertNames(
    String words,
    String positions,
    @Nullable String types,
    String embeddingNorm,
    String layers,
    String query,
    String key,
    String value,
    String attentionOutput,
    String attentionNorm,
    String up,
    String down,
    String outputNorm,
    String transform,
    String transformNorm,
    String outputBias) {

  /** Those that BERT and RoBERTa share, for the prefix of one of them. */
  static BertNames of(String prefix, String transform, String transformNorm, String outputBias) {
    return new BertNames(
        prefix + "embeddings.word_embeddings.weight",
        prefix + "embeddings.position_embeddings.weight",
        prefix + "embeddings.token_type_embeddings.weight",
        prefix + "embeddings.LayerNorm",
        prefix + "encoder.layer.",
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm",
        transform,
        transformNorm,
        outputBias);
  }

  /** The name of a layer's part. */
  String in(int layer, String part) {
    return layers + layer + "." + part;
  }
}
