package org.attune.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A file that a dataset reads each time its rows are asked for.
 *
 * <p>A temporary file is deleted when the last dataset that reads it is no longer reachable.
 */
final class Source {
  private final Path file;
  private final long size;
  private final FileTime modified;

  private Source(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      this.file = file;
      this.size = attributes.size();
      this.modified = attributes.lastModifiedTime();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be read: " + e, e);
    }
  }

  /** A file of the user's. */
  static Source of(Path file) {
    return new Source(file);
  }

  /** A file that belongs to the datasets that read it. */
  static Source temporary(Path file) {
    Source source = new Source(file);
    Engine.CLEANER.register(source, () -> delete(file));
    return source;
  }

  /** Fails if the file is no longer the one whose types were observed. */
  void requireUnchanged() {
    if (!Files.isReadable(file)) {
      throw DatasetFormatException.in(
          file,
          "the file is gone. A dataset reads its file each time its rows are asked for; leave the file in"
              + " place, or write the dataset elsewhere first.");
    }
    Source now = new Source(file);
    if (now.size != size || !now.modified.equals(modified)) {
      throw DatasetFormatException.in(
          file,
          "the file changed since it was read. A dataset reads its file each time its rows are asked for;"
              + " read the file again.");
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The folder of temporary files goes with the process.
    }
  }
}
