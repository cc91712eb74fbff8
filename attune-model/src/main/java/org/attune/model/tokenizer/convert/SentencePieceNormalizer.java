package org.attune.model.tokenizer.convert;

import static org.attune.model.tokenizer.convert.TokenizerParts.SPACE;
import static org.attune.model.tokenizer.convert.TokenizerParts.normalizers;
import static org.attune.model.tokenizer.convert.TokenizerParts.part;
import static org.attune.model.tokenizer.convert.TokenizerParts.prepend;
import static org.attune.model.tokenizer.convert.TokenizerParts.replace;
import static org.attune.model.tokenizer.convert.TokenizerParts.replaceMatches;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The normalizer of a SentencePiece model as steps of {@code tokenizer.json}. */
final class SentencePieceNormalizer {
  private SentencePieceNormalizer() {}

  /**
   * @param charsMap the compiled replacements of characters; empty for none
   * @param removeExtraSpaces whether spaces at the ends go and several become one
   * @param addPrefix whether a space is put before each text
   */
  static ObjectNode of(byte[] charsMap, boolean removeExtraSpaces, boolean addPrefix) {
    List<ObjectNode> steps = new ArrayList<>();
    if (charsMap.length > 0) {
      steps.add(
          part("Precompiled")
              .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsMap)));
    }
    if (removeExtraSpaces) {
      steps.add(replaceMatches("\\A +|[ ▁]+\\z", ""));
      steps.add(replaceMatches(" {2,}", " "));
    }
    if (addPrefix) {
      steps.add(prepend(SPACE));
    }
    steps.add(replace(" ", SPACE));
    return normalizers(steps);
  }
}
