package org.attune.model.rotary;

/**
 * The turned channels of a head.
 *
 * @param count R; an odd number is rounded up to whole pairs
 * @param base θ, the base of the wavelengths
 */
record Channels(int count, double base) {
  int pairs() {
    return (count + 1) / 2;
  }

  /** θ^(2j/R), the wavelength of pair j over 2π, in float32. */
  float wavelength(int pair) {
    return wavelength(pair, (float) base);
  }

  float wavelength(int pair, float otherBase) {
    return (float) Math.pow(otherBase, 2f * pair / count);
  }
}
