package org.attune.model.generate.logits;

/** l ← l / T: below 1 sharpens the distribution, above 1 flattens it. */
public final class Temperature implements LogitsProcessor {
  private final float temperature;

  /**
   * @param temperature T, above 0
   */
  public Temperature(double temperature) {
    // a smaller one would be 0 as a float
    this.temperature = (float) Math.max(temperature, Float.MIN_NORMAL);
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] != Float.NEGATIVE_INFINITY) {
        float divided = logits[id] / temperature;
        // an overflow must leave the likeliest finite and the others comparable to it
        logits[id] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, divided));
      }
    }
  }
}
