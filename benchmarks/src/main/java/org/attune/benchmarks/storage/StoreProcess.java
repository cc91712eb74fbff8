package org.attune.benchmarks.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** One phase of the trial in a process of its own, which may be killed. */
public final class StoreProcess {
  static final String RESULT = "RESULT ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoreProcess() {}

  /**
   * Runs a phase and prints a line {@code RESULT {…}}.
   *
   * @param arguments phase, candidate, the store's folder, and the phase's own numbers
   */
  public static void main(String... arguments) throws SQLException, IOException {
    Candidate candidate = Candidate.of(arguments[1]);
    Path folder = Path.of(arguments[2]);
    Object result =
        switch (arguments[0]) {
          case "ingest" -> ingest(candidate, folder, number(arguments, 3), number(arguments, 4));
          case "contention" ->
              new Contention(candidate, folder, number(arguments, 3), (int) number(arguments, 4))
                  .run();
          case "growth" -> Growth.run(candidate, folder, number(arguments, 3));
          case "write" -> {
            new UnsafeWork(candidate, folder, System.out).run(number(arguments, 3));
            yield Map.of();
          }
          case "inspect" -> new Inspection(candidate, folder).run(Path.of(arguments[3]));
          default -> throw new IllegalArgumentException("There is no phase " + arguments[0] + ".");
        };
    System.out.println(RESULT + JSON.writeValueAsString(result));
  }

  private static Object ingest(Candidate candidate, Path folder, long from, long to)
      throws SQLException {
    if (from == 0) {
      Schema.create(candidate, folder);
    }
    return Ingest.run(candidate, folder, from, to);
  }

  private static long number(String[] arguments, int index) {
    return Long.parseLong(arguments[index]);
  }
}
