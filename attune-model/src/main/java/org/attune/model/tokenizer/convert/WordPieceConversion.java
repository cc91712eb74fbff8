package org.attune.model.tokenizer.convert;

import static org.attune.model.tokenizer.convert.TokenizerParts.part;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokenizer of BERT and its kin: words and their pieces. */
final class WordPieceConversion {
  private WordPieceConversion() {}

  static TokenizerJson json(Map<String, Integer> ids, String unknown, boolean lowerCase) {
    return json(ids, unknown, lowerCase, null, true);
  }

  /**
   * @param stripAccents null to strip them where letters are lowered
   * @param splitChinese whether each Chinese character is a word
   */
  static TokenizerJson json(
      Map<String, Integer> ids,
      String unknown,
      boolean lowerCase,
      @Nullable Boolean stripAccents,
      boolean splitChinese) {
    return new TokenizerJson(TokenizerModels.wordPiece(ids, unknown))
        .normalizer(
            part("BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", splitChinese)
                .put("strip_accents", stripAccents)
                .put("lowercase", lowerCase))
        .preTokenizer(part("BertPreTokenizer"))
        .decoder(part("WordPiece").put("prefix", "##").put("cleanup", true));
  }

  static Surroundings surroundings(String classifier, String separator) {
    return new Surroundings(List.of(classifier), List.of(separator), List.of(), 1);
  }

  /** Whether no token has an upper case letter; names in brackets do not count. */
  static boolean looksUncased(Collection<String> tokens) {
    return tokens.stream()
        .filter(token -> !token.startsWith("["))
        .noneMatch(token -> token.codePoints().anyMatch(Character::isUpperCase));
  }
}
