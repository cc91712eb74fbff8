package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much work the candidates get.
 *
 * @param candidates in the order of running
 * @param smallBulks bulks after which the heap and the file's growth are looked at
 * @param bulks bulks of the full store
 * @param contentionSeconds seconds of each mixture of readers and writers
 * @param kills how often the writing process is killed
 * @param folder where the stores go
 * @param json where the figures go
 */
record TrialSettings(
    List<Candidate> candidates,
    long smallBulks,
    long bulks,
    int contentionSeconds,
    int kills,
    Path folder,
    Path json) {

  static TrialSettings parse(String... arguments) {
    List<Candidate> candidates = new ArrayList<>();
    boolean quick = false;
    int kills = -1;
    Path folder = Path.of("benchmarks", "target", "storage");
    Path json = folder.resolve("figures.json");
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--candidate" -> candidates.add(Candidate.of(value(arguments, ++i)));
        case "--kills" -> kills = Integer.parseInt(value(arguments, ++i));
        case "--folder" -> folder = Path.of(value(arguments, ++i));
        case "--json" -> json = Path.of(value(arguments, ++i));
        default -> throw new IllegalArgumentException("There is no option " + arguments[i] + ".");
      }
    }
    if (candidates.isEmpty()) {
      candidates.addAll(List.of(Candidate.SQLITE, Candidate.H2));
    }
    return new TrialSettings(
        candidates,
        quick ? 4 : 200,
        quick ? 60 : 2_000,
        quick ? 1 : 15,
        kills >= 0 ? kills : quick ? 2 : 50,
        folder,
        json);
  }

  private static String value(String[] arguments, int index) {
    if (index == arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value.");
    }
    return arguments[index];
  }
}
