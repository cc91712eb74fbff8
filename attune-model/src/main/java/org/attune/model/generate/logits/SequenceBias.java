package org.attune.model.generate.logits;

import java.util.List;

/**
 * Adds a bias to the token that would complete a given run of tokens: l_i ← l_i + b for each run
 * that ends with i and whose other tokens are the newest ones. A run of one token is always
 * completed. As {@code SequenceBiasLogitsProcessor} of transformers.
 */
public final class SequenceBias implements LogitsProcessor {
  private final List<BiasedSequence> sequences;

  public SequenceBias(List<BiasedSequence> sequences) {
    this.sequences = List.copyOf(sequences);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    for (BiasedSequence sequence : sequences) {
      int[] tokens = sequence.toArray();
      int last = tokens.length - 1;
      if (history.endsWith(tokens, last)) {
        logits[tokens[last]] += (float) sequence.bias();
      }
    }
  }
}
