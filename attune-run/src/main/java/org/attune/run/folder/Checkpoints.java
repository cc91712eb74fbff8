package org.attune.run.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: folders {@code step-N}.
 *
 * <p>A checkpoint is written under a temporary name, forced to the disk and then renamed, so that a
 * folder with the right name is always whole.
 */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("step-(0|[1-9][0-9]{0,8})");
  private static final Pattern LEFTOVER = Pattern.compile("step-[0-9]+\\.tmp-.*");

  private final Path folder;

  Checkpoints(Path folder) {
    this.folder = folder;
  }

  /** A complete checkpoint. */
  public record Checkpoint(int step, Path path) {}

  /** Writes the files of a checkpoint. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes the checkpoint of {@code step}; one of the same step is replaced.
   *
   * @throws RunFolderException if it cannot be written; nothing is left of it then
   */
  public Checkpoint write(int step, Content content) {
    Path target = folder.resolve("step-" + step);
    Path temporary = folder.resolve("step-" + step + ".tmp-" + UUID.randomUUID());
    try {
      Files.createDirectories(temporary);
      content.writeTo(temporary);
      Durable.syncTree(temporary);
      if (Files.exists(target)) {
        Durable.move(target, folder.resolve("step-" + step + ".tmp-" + UUID.randomUUID()));
      }
      Durable.move(temporary, target);
      removeLeftovers();
      return new Checkpoint(step, target);
    } catch (IOException e) {
      removeAfter(e, temporary);
      throw new RunFolderException(
          "The checkpoint of step "
              + step
              + " cannot be written to "
              + target
              + " ("
              + e
              + "). Free some space, or lower training.save-total-limit; then go on with --resume.",
          e);
    }
  }

  /** All complete checkpoints, the oldest first. */
  public List<Checkpoint> all() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> NAME.matcher(name(path)).matches())
          .filter(Files::isDirectory)
          .map(path -> new Checkpoint(step(path), path))
          .sorted(Comparator.comparingInt(Checkpoint::step))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new RunFolderException(folder + " cannot be read (" + e + ").", e);
    }
  }

  /** The complete checkpoint of the highest step. */
  public Optional<Checkpoint> latest() {
    List<Checkpoint> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Deletes all but the {@code limit} newest checkpoints. */
  public void keepNewest(int limit) {
    List<Checkpoint> all = all();
    for (Checkpoint old : all.subList(0, Math.max(0, all.size() - limit))) {
      Path doomed = folder.resolve("step-" + old.step() + ".tmp-" + UUID.randomUUID());
      try {
        Durable.move(old.path(), doomed);
        Durable.deleteTree(doomed);
      } catch (IOException e) {
        throw new RunFolderException(
            old.path() + " cannot be deleted (" + e + "). Delete it yourself.", e);
      }
    }
  }

  /** Deletes what a crash left half written. */
  void removeLeftovers() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> leftovers;
    try (Stream<Path> entries = Files.list(folder)) {
      leftovers = entries.filter(path -> LEFTOVER.matcher(name(path)).matches()).toList();
    }
    for (Path leftover : leftovers) {
      Durable.deleteTree(leftover);
    }
  }

  private static void removeAfter(IOException failure, Path temporary) {
    try {
      if (Files.exists(temporary)) {
        Durable.deleteTree(temporary);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static int step(Path path) {
    return Integer.parseInt(name(path).substring("step-".length()));
  }
}
