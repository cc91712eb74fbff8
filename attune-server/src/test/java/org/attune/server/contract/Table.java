package org.attune.server.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The rows of a text file beside the tests: its lines, but for empty ones and comments. */
final class Table {

  private Table() {}

  static List<String> rows(String name) {
    try (InputStream stream =
        Objects.requireNonNull(Table.class.getResourceAsStream("/contract/" + name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::stripTrailing)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
