package org.attune.benchmarks.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Starts {@link StoreProcess}, with a heap as small as the server is promised to need. */
final class ChildProcess {
  private static final String HEAP = "-Xmx512m";

  private ChildProcess() {}

  static Process start(String phase, Candidate candidate, Path folder, Object... values)
      throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-cp",
        System.getProperty("java.class.path"),
        StoreProcess.class.getName(),
        phase,
        candidate.label(),
        folder.toString());
    for (Object value : values) {
      command.add(value.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Runs a phase to its end and returns its result, as JSON. */
  static String result(String phase, Candidate candidate, Path folder, Object... values)
      throws IOException, InterruptedException {
    Process process = start(phase, candidate, folder, values);
    String result = null;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(StoreProcess.RESULT)) {
          result = line.substring(StoreProcess.RESULT.length());
        }
      }
    }
    int status = process.waitFor();
    if (status != 0 || result == null) {
      throw new IllegalStateException(
          "The phase %s of %s ended with status %d; its message is above."
              .formatted(phase, candidate.label(), status));
    }
    return result;
  }
}
