package org.attune.feedback.store;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;

/** A program of its own for the tests to kill or to starve; says on its output what was stored. */
final class StoringProcess {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private StoringProcess() {}

  static Process start(List<String> shellPrefix, String mode, Path folder, String round)
      throws IOException {
    List<String> command = new ArrayList<>(shellPrefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StoringProcess.class.getName(), mode, folder.toString(), round));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[1]);
    try (FileStore store = FileStore.open(folder)) {
      if (arguments[0].equals("respond")) {
        respondForEver(store, arguments[2]);
      } else {
        addUntilFull(store);
      }
    }
  }

  private static void respondForEver(FileStore store, String round) {
    for (int number = 0; ; number++) {
      String user = round + "-" + number;
      store.dataset().respond("a", Response.submitted(user, Map.of("feel", 1 + number % 9)));
      OUT.println("stored " + user);
      if (number % 50 == 49) {
        store.compact();
      }
    }
  }

  private static void addUntilFull(FileStore store) {
    int added = 0;
    try {
      while (added < 100) {
        store
            .dataset()
            .add(
                FeedbackRecord.builder()
                    .id("big" + added)
                    .field("content", "x".repeat(10_000))
                    .build());
        added++;
      }
    } catch (FeedbackStoreException e) {
      OUT.println("failed " + e.getMessage());
    }
    OUT.println("size " + store.dataset().size());
    store.dataset().respond("a", Response.submitted("small", Map.of("feel", 5)));
    OUT.println("stored small");
  }
}
