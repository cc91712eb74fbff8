package org.attune.server.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file in a data folder that says: what is here was not restored to its end. It is written before
 * anything else of a restore and removed after everything else.
 */
public final class RestoreMarker {

  private static final String NAME = "restore-unfinished";

  private RestoreMarker() {}

  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(NAME));
  }

  public static boolean isMarker(Path file) {
    return file.endsWith(NAME);
  }

  /** Refuses to work with half of a store. */
  public static void requireNone(Path folder) {
    if (isIn(folder)) {
      throw new StorageException(
          ("A restore into %s did not come to its end, so only a part of the data may be here. Run"
                  + " attune server restore again, with the same backup.")
              .formatted(folder),
          null);
    }
  }

  public static void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(NAME), "attune server restore has not ended\n");
    flush(folder.resolve(NAME));
    flush(folder);
  }

  public static void remove(Path folder) throws IOException {
    flush(folder); // all that was restored, before the word that it was
    Files.delete(folder.resolve(NAME));
    flush(folder);
  }

  private static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
