package org.attune.train.ppo;

/** Means and variances of plain numbers. */
final class Moments {
  private Moments() {}

  static double mean(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  /** Σ (x − μ)² / n. */
  static double biasedVariance(double[] numbers) {
    double mean = mean(numbers);
    double sum = 0;
    for (double number : numbers) {
      sum += (number - mean) * (number - mean);
    }
    return sum / numbers.length;
  }

  /** Σ (x − μ)² / (n − 1). */
  static double unbiasedVariance(double[] numbers) {
    return biasedVariance(numbers) * numbers.length / (numbers.length - 1);
  }
}
