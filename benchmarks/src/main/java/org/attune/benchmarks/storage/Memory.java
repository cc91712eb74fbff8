package org.attune.benchmarks.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What this process occupies. */
final class Memory {
  private static final long MIB = 1 << 20;

  private Memory() {}

  /** Heap in use after a collection, and the process's peak as Linux counts it, in MiB. */
  static Map<String, Long> now() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return Map.of(
        "heap_used_mib",
        (runtime.totalMemory() - runtime.freeMemory()) / MIB,
        "heap_limit_mib",
        runtime.maxMemory() / MIB,
        "peak_rss_mib",
        peakKib() / 1024);
  }

  private static long peakKib() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read this process's memory from /proc", e);
    }
  }
}
