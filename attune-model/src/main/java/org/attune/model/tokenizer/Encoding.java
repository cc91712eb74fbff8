package org.attune.model.tokenizer;

import java.util.List;

/** An encoded text, token by token. */
public record Encoding(List<EncodedToken> tokens) {
  public Encoding {
    tokens = List.copyOf(tokens);
  }

  public int[] ids() {
    return tokens.stream().mapToInt(EncodedToken::id).toArray();
  }
}
