package org.attune.model.rotary;

import java.util.List;

/**
 * {@code "longrope"}: each pair's frequency over a factor of its own, from one list for sequences
 * up to the original length and another for longer ones. Ding et al. 2024 (arXiv:2402.13753),
 * section 3.
 *
 * <p>transformers decides by the longest sequence of a batch. Here it is the sequence's own length,
 * which is what transformers computes for a sequence by itself.
 *
 * @param channels R
 * @param base θ
 * @param shortFactors for each pair, for sequences of at most {@code originalLength} tokens
 * @param longFactors for each pair, for others
 * @param originalLength M, the longest text of pretraining
 * @param magnitude of the turned channels; √(1 + ln s / ln M) for texts s times as long, section
 *     3.3
 */
public record LongRopeScaling(
    int channels,
    double base,
    List<Double> shortFactors,
    List<Double> longFactors,
    int originalLength,
    double magnitude)
    implements RotaryScaling {

  /** √(1 + ln s / ln M), or 1 where texts become no longer. */
  static double magnitude(double factor, int originalLength) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalLength));
  }

  @Override
  public float[] frequencies(int length) {
    Channels turned = new Channels(channels, base);
    List<Double> factors = length > originalLength ? longFactors : shortFactors;
    float[] frequencies = new float[turned.pairs()];
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = 1 / (factors.get(j).floatValue() * turned.wavelength(j));
    }
    return frequencies;
  }

  @Override
  public boolean dependsOnLength() {
    return true;
  }
}
