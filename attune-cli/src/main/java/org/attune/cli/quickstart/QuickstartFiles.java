package org.attune.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.attune.run.folder.RunFolderException;

/** Where the quickstart leaves what it makes. */
record QuickstartFiles(Path folder) {
  /**
   * Makes the folder.
   *
   * @throws RunFolderException if it holds anything, or cannot be made
   */
  static QuickstartFiles create(Path folder) {
    try {
      if (Files.exists(folder) && !(Files.isDirectory(folder) && isEmpty(folder))) {
        throw new RunFolderException(
            "%s exists already, and the quickstart starts from nothing. Name another folder with --out, or remove this one."
                .formatted(folder));
      }
      Files.createDirectories(folder.resolve("data"));
    } catch (IOException e) {
      throw new RunFolderException(
          "%s cannot be made (%s). Name a folder that can be written with --out."
              .formatted(folder, e),
          e);
    }
    return new QuickstartFiles(folder);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  Path feedback() {
    return folder.resolve("feedback");
  }

  Path stories() {
    return folder.resolve("data/stories.jsonl");
  }

  Path heldOutStories() {
    return folder.resolve("data/stories-held-out.jsonl");
  }

  Path prompts() {
    return folder.resolve("data/prompts.jsonl");
  }

  Path comparisons() {
    return folder.resolve("data/comparisons.jsonl");
  }

  Path heldOutComparisons() {
    return folder.resolve("data/comparisons-held-out.jsonl");
  }

  /** The run folder of a training, such as {@code sft}. */
  Path run(String training) {
    return folder.resolve(training);
  }

  /** The configuration of a training. */
  Path configuration(String training) {
    return folder.resolve(training + ".yaml");
  }

  Path samples() {
    return folder.resolve("samples.jsonl");
  }

  Path summary() {
    return folder.resolve("summary.json");
  }

  Path report() {
    return folder.resolve("report.html");
  }

  /** Writes a text file of the quickstart. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new RunFolderException(
          "%s cannot be written (%s). Check permissions and free disk space.".formatted(file, e),
          e);
    }
  }
}
