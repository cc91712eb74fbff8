package org.attune.benchmarks.storage;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Times of one kind of operation, taken by any number of threads. */
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long nanosOfOne) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = nanosOfOne;
  }

  /** Number, percentiles and maximum, in milliseconds. */
  synchronized Map<String, Double> summary() {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    Map<String, Double> summary = new TreeMap<>();
    summary.put("count", (double) count);
    for (int percent : new int[] {50, 95, 99, 100}) {
      int rank = Math.max(0, (int) Math.ceil(count * percent / 100.0) - 1);
      summary.put("p" + percent + "_ms", count == 0 ? 0 : sorted[rank] / 1e6);
    }
    return summary;
  }
}
