package org.attune.server.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What was measured while tests ran, for {@code ./dev faults} to show. */
public final class Measured {

  private static final Path FOLDER = Path.of("target", "faults");

  private Measured() {}

  /** How often to kill: {@code -Dattune.kills}, or a few times in every build. */
  public static int kills(int usually) {
    return Integer.getInteger("attune.kills", usually);
  }

  /** Adds a row to the table. */
  public static void note(Class<?> test, String what, String asked, String measured) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(
          FOLDER.resolve(test.getSimpleName()),
          "| " + what + " | " + asked + " | " + measured + " |\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
