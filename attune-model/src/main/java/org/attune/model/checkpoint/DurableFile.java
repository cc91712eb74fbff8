package org.attune.model.checkpoint;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that appears whole or not at all: written under a temporary name, forced to the disk, then
 * renamed.
 */
public final class DurableFile {
  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private DurableFile() {}

  /**
   * Replaces the content of {@code file}.
   *
   * @throws CheckpointException if it cannot be written; an older file of that name is unharmed
   */
  public static void write(Path file, byte[] content) {
    write(
        file,
        channel -> {
          ByteBuffer bytes = ByteBuffer.wrap(content);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /**
   * Replaces the content of {@code file}.
   *
   * @throws CheckpointException if it cannot be written; an older file of that name is unharmed
   */
  public static void write(Path file, Content content) {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel = FileChannel.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(temporary, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      CheckpointException failure =
          new CheckpointException(
              "%s cannot be written: %s. The folder must exist, be writable and have free space."
                  .formatted(file, reason(e)),
              e);
      discard(temporary, failure);
      throw failure;
    } catch (RuntimeException | Error e) {
      discard(temporary, e);
      throw e;
    }
  }

  /** Many file system exceptions say only the file's name; the kind is in the class name. */
  static String reason(IOException e) {
    return e.getClass().getSimpleName() + " (" + e.getMessage() + ")";
  }

  private static void discard(Path temporary, Throwable failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
