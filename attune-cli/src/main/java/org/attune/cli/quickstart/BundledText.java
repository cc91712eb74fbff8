package org.attune.cli.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.attune.data.DatasetFormatException;

/** Reads the compressed text files that the project carries. */
final class BundledText {
  private BundledText() {}

  /** The whole text; bytes that are no UTF-8 become U+FFFD. */
  static String read(Path file) {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw DatasetFormatException.of(
          "%s cannot be read (%s). It belongs to the project: restore it, for instance with git checkout."
              .formatted(file, e));
    }
  }

  /** The tab-separated cells of each line. */
  static List<String[]> table(Path file) {
    return read(file).lines().map(line -> line.split("\t", -1)).toList();
  }

  static DatasetFormatException damaged(Path file, int line, String found, String rule) {
    return DatasetFormatException.of(
        "%s line %d: %s, but %s. The file belongs to the project: restore it, for instance with git checkout."
            .formatted(file, line, found, rule));
  }
}
