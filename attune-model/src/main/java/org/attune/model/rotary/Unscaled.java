package org.attune.model.rotary;

/**
 * θ^(−2j/R) for pair j of R channels. Su et al. 2021 (arXiv:2104.09864), section 3.2.2.
 *
 * @param channels R
 * @param base θ
 */
public record Unscaled(int channels, double base) implements RotaryScaling {
  @Override
  public float[] frequencies(int length) {
    Channels turned = new Channels(channels, base);
    float[] frequencies = new float[turned.pairs()];
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = 1 / turned.wavelength(j);
    }
    return frequencies;
  }
}
