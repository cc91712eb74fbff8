package org.attune.model.rotary;

/**
 * {@code "yarn"}: frequencies of fast pairs stay, those of slow ones are divided by a factor, and
 * between lies a ramp. Peng et al. 2023 (arXiv:2309.00071), definition 3 with equations 17 to 22.
 *
 * <p>A pair is fast that turns more than {@code betaFast} times in the original length M, and slow
 * that turns less than {@code betaSlow} times; pair R ln(M / 2πβ) / (2 ln θ) turns β times.
 *
 * @param channels R
 * @param base θ
 * @param factor how many times longer texts become
 * @param originalLength M
 * @param betaFast 32 in the paper
 * @param betaSlow 1 in the paper
 * @param bounds whether the ramp begins and ends at whole pairs
 * @param magnitude of the turned channels; 0.1 ln(factor) + 1 in the paper, equation 22
 */
public record YarnScaling(
    int channels,
    double base,
    double factor,
    int originalLength,
    double betaFast,
    double betaSlow,
    Bounds bounds,
    double magnitude)
    implements RotaryScaling {

  /** Where the ramp between fast and slow pairs begins and ends. */
  public enum Bounds {
    WHOLE_PAIRS,
    EXACT
  }

  private static final double WIDTH_OF_NO_RAMP = 0.001;

  /** 0.1 m ln(s) + 1, or 1 where texts become no longer. */
  static double magnitude(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  @Override
  public float[] frequencies(int length) {
    Channels turned = new Channels(channels, base);
    double first = pairThatTurns(betaFast);
    double last = pairThatTurns(betaSlow);
    if (bounds == Bounds.WHOLE_PAIRS) {
      first = Math.floor(first);
      last = Math.ceil(last);
    }
    first = Math.max(first, 0);
    last = Math.min(last, channels - 1.0);
    if (first == last) {
      last += WIDTH_OF_NO_RAMP;
    }
    float[] frequencies = new float[turned.pairs()];
    for (int j = 0; j < frequencies.length; j++) {
      float wavelength = turned.wavelength(j);
      float ramp = Math.min(1, Math.max(0, (j - (float) first) / (float) (last - first)));
      float kept = 1 - ramp;
      frequencies[j] = 1 / ((float) factor * wavelength) * (1 - kept) + 1 / wavelength * kept;
    }
    return frequencies;
  }

  private double pairThatTurns(double times) {
    return channels * Math.log(originalLength / (times * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
