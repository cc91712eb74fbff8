package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models of {@code tokenizer.json}: what cuts a word into tokens. */
final class TokenizerModels {
  private TokenizerModels() {}

  /** Byte pair encoding over letters that stand for bytes. */
  static ObjectNode byteLevelPairs(
      Map<String, Integer> ids, List<Merge> merges, boolean ignoreMerges) {
    ObjectNode model = pairs(ids, merges);
    return model
        .putNull("unk_token")
        .put("fuse_unk", false)
        .put("byte_fallback", false)
        .put("ignore_merges", ignoreMerges);
  }

  /**
   * Byte pair encoding over characters.
   *
   * @param byteFallback whether an unknown character becomes the tokens of its bytes
   */
  static ObjectNode characterPairs(
      Map<String, Integer> ids, List<Merge> merges, String unknown, boolean byteFallback) {
    ObjectNode model = pairs(ids, merges);
    return model
        .put("unk_token", unknown)
        .put("fuse_unk", true)
        .put("byte_fallback", byteFallback)
        .put("ignore_merges", false);
  }

  private static ObjectNode pairs(Map<String, Integer> ids, List<Merge> merges) {
    ObjectNode model = TokenizerParts.part("BPE");
    model.putNull("dropout");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    ArrayNode list = model.putArray("merges");
    merges.forEach(merge -> list.addArray().add(merge.left()).add(merge.right()));
    return model;
  }

  /** The most likely segmentation into tokens that each have a log-probability. */
  static ObjectNode unigram(
      List<String> tokens, double[] scores, @Nullable Integer unknownId, boolean byteFallback) {
    ObjectNode model = TokenizerParts.part("Unigram");
    model.put("unk_id", unknownId);
    model.put("byte_fallback", byteFallback);
    ArrayNode vocabulary = model.putArray("vocab");
    for (int id = 0; id < scores.length; id++) {
      vocabulary.addArray().add(tokens.get(id)).add(scores[id]);
    }
    return model;
  }

  /** The longest token first; what continues a word is written with {@code ##}. */
  static ObjectNode wordPiece(Map<String, Integer> ids, String unknown) {
    ObjectNode model =
        TokenizerParts.part("WordPiece")
            .put("unk_token", unknown)
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return model;
  }
}
