package org.attune.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.attune.model.generate.SamplingConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;

/** Loads a model, once or again and again, and prints what memory the process took, in KiB. */
public final class LoadingProgram {
  private LoadingProgram() {}

  /**
   * Does what the arguments say.
   *
   * @param arguments {@code once DIR TYPE}, or {@code cycles DIR WARM-UP ALL}
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("once")) {
      DType type = DType.valueOf(arguments[2]);
      try (LanguageModel model = LanguageModel.load(directory, type)) {
        model.frozenReplica(type).close(); // which computes with the weights as they are
        System.out.println("loaded " + model.weights().count());
      }
      System.out.println("peak " + status("VmHWM:"));
      return;
    }
    int warmUp = Integer.parseInt(arguments[2]);
    int all = Integer.parseInt(arguments[3]);
    for (int i = 1; i <= all; i++) {
      cycle(directory);
      if (i == warmUp || i == all) {
        System.gc();
        System.out.println("after %d cycles %d".formatted(i, status("VmRSS:")));
      }
    }
  }

  private static void cycle(Path directory) {
    try (LanguageModel model = LanguageModel.load(directory);
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      model
          .generator(replica, workers)
          .generate(
              List.of(new int[] {1, 403}),
              SamplingConfig.builder().temperature(0).maxNewTokens(2).build(),
              Set.of(2));
    }
  }

  private static long status(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow();
  }
}
