package org.attune.model.rotary;

/**
 * {@code "proportional"}: the fastest pairs turn as in {@link Unscaled}, over a factor; the others
 * stand still, but keep their place among the channels.
 *
 * @param unscaled the frequencies of the whole head
 * @param turning how many pairs turn
 * @param factor divides their frequencies
 */
public record ProportionalScaling(Unscaled unscaled, int turning, double factor)
    implements RotaryScaling {
  @Override
  public float[] frequencies(int length) {
    float[] frequencies = unscaled.frequencies(length);
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = j < turning ? frequencies[j] / (float) factor : 0;
    }
    return frequencies;
  }
}
