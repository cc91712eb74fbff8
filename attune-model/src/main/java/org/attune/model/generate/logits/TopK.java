package org.attune.model.generate.logits;

/**
 * Keeps the k likeliest tokens, and those equal to the last of them. Fan et al. 2018
 * (arXiv:1805.04833), section 5.4; {@code TopKLogitsWarper} of transformers.
 */
public final class TopK implements LogitsProcessor {
  private final int k;

  public TopK(int k) {
    this.k = k;
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    float least = LargestValues.smallestOf(k, logits);
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] < least) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
