package org.attune.feedback.metrics;

import java.util.Arrays;
import java.util.OptionalDouble;

/** How far two series of numbers rise and fall together, from −1 to 1. */
final class Correlation {

  private Correlation() {}

  /** Pearson's r: of the numbers; none if one of the series does not vary. */
  static OptionalDouble pearson(double[] first, double[] second) {
    double firstMean = Arrays.stream(first).average().orElse(0);
    double secondMean = Arrays.stream(second).average().orElse(0);
    double products = 0;
    double firstSquares = 0;
    double secondSquares = 0;
    for (int i = 0; i < first.length; i++) {
      double firstRest = first[i] - firstMean;
      double secondRest = second[i] - secondMean;
      products += firstRest * secondRest;
      firstSquares += firstRest * firstRest;
      secondSquares += secondRest * secondRest;
    }
    return firstSquares == 0 || secondSquares == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(products / Math.sqrt(firstSquares * secondSquares));
  }

  /** Spearman's rho: Pearson's r of the ranks, equal numbers sharing the mean of theirs. */
  static OptionalDouble spearman(double[] first, double[] second) {
    return pearson(ranks(first), ranks(second));
  }

  private static double[] ranks(double[] values) {
    return Arrays.stream(values)
        .map(
            value -> {
              long less = Arrays.stream(values).filter(other -> other < value).count();
              long equal = Arrays.stream(values).filter(other -> other == value).count();
              return less + (equal + 1) / 2.0;
            })
        .toArray();
  }
}
