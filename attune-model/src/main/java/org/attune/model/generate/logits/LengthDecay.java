package org.attune.model.generate.logits;

/**
 * Makes the end likelier the longer a continuation is: l_e ← l_e + |l_e| · (f^k − 1) for each end
 * token e, where k counts the new tokens beyond the start. {@code ExponentialDecayLengthPenalty} of
 * transformers.
 */
public final class LengthDecay implements LogitsProcessor {
  private final int start;
  private final double factor;
  private final int[] endIds;

  /**
   * @param start new tokens without a penalty
   * @param factor f; above 1 makes the end likelier
   */
  public LengthDecay(int start, double factor, int[] endIds) {
    this.start = start;
    this.factor = factor;
    this.endIds = endIds.clone();
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    int beyond = history.writtenLength() - start;
    if (beyond > 0) {
      for (int id : endIds) {
        if (Float.isFinite(logits[id])) {
          double raised =
              logits[id] + Math.abs(logits[id]) * (float) (Math.pow(factor, beyond) - 1);
          logits[id] = (float) Math.min(raised, Float.MAX_VALUE);
        }
      }
    }
  }
}
