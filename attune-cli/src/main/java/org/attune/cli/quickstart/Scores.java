package org.attune.cli.quickstart;

import java.util.Arrays;

/** Mean and standard deviation of scores. */
record Scores(double mean, double deviation) {
  /** Of two or more scores. */
  static Scores of(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return new Scores(mean, Math.sqrt(squares / (values.length - 1)));
  }
}
