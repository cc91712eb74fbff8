package org.attune.train.evaluate;

/**
 * A figure and its 95 % confidence interval.
 *
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Estimate(double value, double low, double high) {
  /** Whether the whole interval lies above 0. */
  public boolean isAboveZero() {
    return low > 0;
  }
}
