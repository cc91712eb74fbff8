package org.attune.train.evaluate;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Bootstrap percentile intervals: Efron 1979, "Bootstrap methods: another look at the jackknife".
 *
 * <p>Each resample draws as many units as there are, with replacement; the interval spans the
 * middle 95 % of the figures that the resamples give.
 */
final class Resamples {
  static final int COUNT = 2_000;

  private static final double TAIL = 0.025;

  private Resamples() {}

  /**
   * @param units how many there are, more than 0
   * @param figure from how often each unit was drawn to the figure; NaN where a resample has none
   */
  static Estimate interval(int units, ToDoubleFunction<int[]> figure, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    double[] figures = new double[COUNT];
    int[] drawn = new int[units];
    for (int i = 0; i < COUNT; i++) {
      Arrays.fill(drawn, 0);
      for (int j = 0; j < units; j++) {
        drawn[random.nextInt(units)]++;
      }
      figures[i] = figure.applyAsDouble(drawn);
    }
    double[] sorted =
        Arrays.stream(figures).filter(value -> !Double.isNaN(value)).sorted().toArray();
    Arrays.fill(drawn, 1);
    return new Estimate(
        figure.applyAsDouble(drawn), quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /** Between the two nearest of the sorted values; NaN if there are none. */
  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
