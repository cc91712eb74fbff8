package org.attune.testkit;

/**
 * How far computed values may be from a reference, by what they are.
 *
 * <p>The bounds are the project's; a test names one and never writes a number, so that loosening a
 * bound is a change that can be seen.
 */
public enum Tolerance {
  /** The same bits, where NaN equals NaN and zeros of both signs are equal. */
  EXACT {
    @Override
    double bound(int index, double expected, double largest) {
      return 0;
    }
  },

  /** Rounding of a few float32 operations: 1e-6 + 1e-5 |expected| for each value. */
  FLOAT32 {
    @Override
    double bound(int index, double expected, double largest) {
      return 1e-6 + 1e-5 * Math.abs(expected);
    }
  },

  /** Outputs of a forward pass, losses among them: 1e-5 of the largest reference value. */
  LOGITS {
    @Override
    double bound(int index, double expected, double largest) {
      return 1e-5 * largest;
    }
  },

  /** Outputs of a backward pass: 1e-4 of the largest reference value. */
  GRADIENTS {
    @Override
    double bound(int index, double expected, double largest) {
      return 1e-4 * largest;
    }
  },

  /**
   * Figures of a training step, some of which are small differences of large numbers: 1e-5 + 1e-5
   * |expected| for each value.
   */
  STATISTICS {
    @Override
    double bound(int index, double expected, double largest) {
      return 1e-5 + 1e-5 * Math.abs(expected);
    }
  },

  /**
   * Weights, and what is computed with them, after optimizer steps: 1e-3 of the largest reference
   * value. Adam turns a gradient that is almost zero into a step of almost the learning rate, so a
   * rounding difference can move a weight visibly.
   */
  TRAINED {
    @Override
    double bound(int index, double expected, double largest) {
      return 1e-3 * largest;
    }
  },

  /**
   * One value for each step of a training run, where rounding feeds back into the weights: relative
   * difference 1e-5 at the first step, 1e-3 at any step, 1e-4 in the mean.
   */
  TRAJECTORY {
    @Override
    double bound(int index, double expected, double largest) {
      return (index == 0 ? 1e-5 : 1e-3) * Math.abs(expected);
    }

    @Override
    double meanBound() {
      return 1e-4;
    }
  };

  /**
   * The largest allowed difference at {@code index}, given the largest magnitude of the reference.
   */
  abstract double bound(int index, double expected, double largest);

  /** The largest allowed mean of the relative differences. */
  double meanBound() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Fails unless every value of {@code actual} is close enough to the reference.
   *
   * @param what names the values in the message, such as {@code "logits of the last position"}
   */
  public void check(String what, double[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(
          what + ": " + actual.length + " values, but the reference has " + expected.length + ".");
    }
    double largest = largestMagnitude(expected);
    int differing = 0;
    int worst = -1;
    double worstExcess = 1;
    double relativeSum = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = difference(actual[i], expected[i]);
      double bound = bound(i, expected[i], largest);
      relativeSum += difference == 0 ? 0 : difference / Math.abs(expected[i]);
      if (difference > bound) {
        differing++;
        double excess = difference / bound;
        if (worst < 0 || excess > worstExcess) {
          worst = i;
          worstExcess = excess;
        }
      }
    }
    if (worst >= 0) {
      throw new AssertionError(
          String.format(
              "%s: %d of %d values differ by more than %s allows. Worst at [%d]: %s but expected %s; the"
                  + " difference is %.3g, the bound %.3g.",
              what,
              differing,
              expected.length,
              this,
              worst,
              actual[worst],
              expected[worst],
              difference(actual[worst], expected[worst]),
              bound(worst, expected[worst], largest)));
    }
    double mean = relativeSum / Math.max(1, expected.length);
    if (mean > meanBound()) {
      throw new AssertionError(
          String.format(
              "%s: the mean relative difference is %.3g; %s allows %.3g.",
              what, mean, this, meanBound()));
    }
  }

  /** As {@link #check(String, double[], double[])}. */
  public void check(String what, float[] actual, float[] expected) {
    check(what, widen(actual), widen(expected));
  }

  /** As {@link #check(String, double[], double[])}, for one value. */
  public void check(String what, double actual, double expected) {
    check(what, new double[] {actual}, new double[] {expected});
  }

  /**
   * Infinite unless both are finite or equal; the same infinity, or NaN, on both sides is no
   * difference.
   */
  private static double difference(double actual, double expected) {
    if (actual == expected || (Double.isNaN(actual) && Double.isNaN(expected))) {
      return 0;
    }
    double difference = Math.abs(actual - expected);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private static double largestMagnitude(double[] values) {
    double largest = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
