package org.attune.model.rotary;

/**
 * {@code "dynamic"}: a base that grows with the sequence, θ · (s · L/M − (s − 1))^(R/(R − 2)) for a
 * length L beyond M. Described with its name, "neural tangent kernel" aware interpolation, in Peng
 * et al. 2023 (arXiv:2309.00071), sections 3.1 and 3.3.
 *
 * <p>transformers takes L from the longest sequence of a batch and remembers it until a short one
 * comes. Here it is the sequence's own length, which is what transformers computes for a sequence
 * by itself. A generated token turns by the length up to itself; the keys before it stay as they
 * were, in both.
 *
 * @param channels R
 * @param base θ
 * @param factor s
 * @param originalLength M, the longest text of pretraining
 */
public record DynamicNtkScaling(int channels, double base, double factor, int originalLength)
    implements RotaryScaling {
  @Override
  public float[] frequencies(int length) {
    Channels turned = new Channels(channels, base);
    float[] frequencies = new float[turned.pairs()];
    double reached = Math.max(length, originalLength);
    float stretch = (float) (factor * reached / originalLength - (factor - 1));
    float grown = (float) base * (float) Math.pow(stretch, channels / (channels - 2.0));
    for (int j = 0; j < frequencies.length; j++) {
      frequencies[j] = 1 / turned.wavelength(j, grown);
    }
    return frequencies;
  }

  @Override
  public boolean dependsOnLength() {
    return true;
  }

  /** Texts may be {@code factor} times as long as those of pretraining, which the key names. */
  @Override
  public int contextLength(int configured) {
    return (int) Math.min(Integer.MAX_VALUE, configured * factor);
  }
}
