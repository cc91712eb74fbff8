package org.attune.model.generate.logits;

/**
 * l ← log softmax(l), so that the scores of beams stay log-probabilities after the other rules.
 * Sampling is not changed by it. {@code LogitNormalization} of transformers.
 */
public final class Renormalization implements LogitsProcessor {
  @Override
  public void process(float[] logits, TokenHistory history) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    float total = (float) (max + Math.log(sum));
    for (int id = 0; id < logits.length; id++) {
      logits[id] -= total;
    }
  }
}
