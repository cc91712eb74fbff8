package org.attune.benchmarks.server;

import java.util.Arrays;
import java.util.Locale;

/** How long many requests took. */
record Durations(long[] nanos) {

  private static final double NANOS_PER_MILLI = 1e6;

  /** The median, and the 95th and the 99th percentile, in milliseconds. */
  String percentiles() {
    return milliseconds(0.5) + ", " + milliseconds(0.95) + ", " + milliseconds(0.99);
  }

  private String milliseconds(double share) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int index = (int) Math.min(sorted.length - 1L, Math.round(share * sorted.length));
    return String.format(Locale.ROOT, "%.1f", sorted[index] / NANOS_PER_MILLI);
  }
}
