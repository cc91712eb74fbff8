package org.attune.model.rotary;

/**
 * {@code "llama3"}: frequencies of short waves stay, those of long ones are divided by a factor,
 * and between the two bounds they are blended. Grattafiori et al. 2024 (arXiv:2407.21783), section
 * 3.4.2; the formula is that of Meta's release.
 *
 * <p>A wave of w positions is short below M / {@code highFactor} and long above M / {@code
 * lowFactor}; between them the share (M / w − low) / (high − low) of it stays.
 *
 * @param unscaled the frequencies of pretraining
 * @param factor how many times longer texts become
 * @param lowFactor 1 in Llama 3.1
 * @param highFactor 4 in Llama 3.1
 * @param originalLength M, the longest text of pretraining
 */
public record Llama3Scaling(
    Unscaled unscaled, double factor, double lowFactor, double highFactor, int originalLength)
    implements RotaryScaling {
  @Override
  public float[] frequencies(int length) {
    float[] frequencies = unscaled.frequencies(length);
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = scaled(frequencies[j]);
    }
    return frequencies;
  }

  private float scaled(float frequency) {
    float wave = (float) (2 * Math.PI) / frequency;
    if (wave < (float) (originalLength / highFactor)) {
      return frequency;
    }
    if (wave > (float) (originalLength / lowFactor)) {
      return frequency / (float) factor;
    }
    float kept = (originalLength / wave - (float) lowFactor) / (float) (highFactor - lowFactor);
    return (1 - kept) * frequency / (float) factor + kept * frequency;
  }
}
