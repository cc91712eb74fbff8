package org.attune.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The most memory that this process ever had resident. */
final class PeakMemory {
  private static final String LABEL = "VmHWM:";
  private static final double KIB_IN_MIB = 1024;

  private PeakMemory() {}

  /** In MiB; null where the system does not tell, which only Linux does. */
  static @Nullable Double mebibytes() {
    try {
      return read(Files.readAllLines(Path.of("/proc/self/status")));
    } catch (IOException e) {
      return null;
    }
  }

  static @Nullable Double read(List<String> status) {
    return status.stream()
        .filter(line -> line.matches(LABEL + "\\s+\\d+ kB"))
        .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_IN_MIB)
        .findFirst()
        .orElse(null);
  }
}
