package org.attune.model.rotary;

/**
 * Position interpolation, {@code "linear"}: every frequency over a factor. Chen et al. 2023
 * (arXiv:2306.15595), equation 3.
 *
 * @param unscaled the frequencies of pretraining
 * @param factor how many times longer texts become
 */
public record LinearScaling(Unscaled unscaled, double factor) implements RotaryScaling {
  @Override
  public float[] frequencies(int length) {
    float[] frequencies = unscaled.frequencies(length);
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] /= (float) factor;
    }
    return frequencies;
  }
}
