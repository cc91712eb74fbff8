package org.attune.model.generate.logits;

/** Visits each token of a history once, with how often it occurred. */
final class OccurredTokens {
  private final int[] counts;

  /** Receives one token. */
  interface Visitor {
    void visit(int id, int count);
  }

  OccurredTokens(int vocabularySize) {
    counts = new int[vocabularySize];
  }

  /**
   * Visits the tokens from {@code first} on. Ids that the model has no logit for are left out: a
   * tokenizer may know more tokens than a model.
   */
  void forEach(TokenHistory history, int first, Visitor visitor) {
    for (int place = first; place < history.length(); place++) {
      if (history.id(place) < counts.length) {
        counts[history.id(place)]++;
      }
    }
    for (int place = first; place < history.length(); place++) {
      int id = history.id(place);
      if (id < counts.length && counts[id] > 0) {
        visitor.visit(id, counts[id]);
        counts[id] = 0;
      }
    }
  }
}
