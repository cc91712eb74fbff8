package org.attune.train.ppo;

import org.attune.data.InvalidInputException;

/**
 * Scales numbers to variance 1, and to mean 0 if asked: (x − μ) / √(σ² + 10⁻⁸), with the unbiased
 * variance σ² of all numbers given. Numbers that belong to no response token are not given, so no
 * mask is needed.
 */
public enum Whitening {
  /** The result has mean 0. */
  CENTRED,
  /** The result keeps the mean of what was given. */
  KEEP_MEAN;

  private static final double EPSILON = 1e-8;

  /**
   * The whitened numbers; no gradient flows.
   *
   * @throws InvalidInputException if fewer than two numbers are given, whose variance is not
   *     defined
   */
  public double[] of(double[] numbers) {
    if (numbers.length < 2) {
      throw new InvalidInputException(
          "Whitening needs at least 2 response tokens but there was "
              + numbers.length
              + ". Use larger batches.");
    }
    double mean = Moments.mean(numbers);
    double scale = 1 / Math.sqrt(Moments.unbiasedVariance(numbers) + EPSILON);
    double[] whitened = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      whitened[i] = (numbers[i] - mean) * scale + (this == KEEP_MEAN ? mean : 0);
    }
    return whitened;
  }
}
