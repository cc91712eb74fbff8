package org.attune.model.generate.logits;

import java.util.List;

/**
 * A run of tokens that is made more or less likely.
 *
 * @param tokens at least one
 * @param bias is added to the logit of the last token where it would complete the run
 */
public record BiasedSequence(List<Integer> tokens, double bias) {
  public BiasedSequence {
    tokens = List.copyOf(tokens);
  }

  int[] toArray() {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
