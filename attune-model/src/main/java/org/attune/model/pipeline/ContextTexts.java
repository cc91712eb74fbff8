package org.attune.model.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.model.tokenizer.Tokenizer;

/** Texts as the tokens that a model reads whole. */
final class ContextTexts {
  private ContextTexts() {}

  /**
   * The tokens of each text.
   *
   * @throws UnreadableTextException if one has none, or more than the context holds
   */
  static List<TokenSequence> encoded(List<String> texts, Tokenizer tokenizer, int contextLength) {
    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TokenSequence sequence = TokenSequence.of(tokenizer.encode(texts.get(i)));
      if (sequence.length() == 0) {
        throw UnreadableTextException.empty(i);
      }
      if (sequence.length() > contextLength) {
        throw UnreadableTextException.tooLong(i, sequence.length(), contextLength);
      }
      sequences.add(sequence);
    }
    return sequences;
  }
}
