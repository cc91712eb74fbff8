package org.attune.server.builder;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.attune.server.storage.StorageException;

/** Finds the line on which a row of a text file begins, which differs where cells hold lines. */
final class RowLines {

  private RowLines() {}

  /**
   * The lines of some rows.
   *
   * @param rows counted from 1, without the heading
   * @return nothing for kinds of file that have no lines
   */
  static Map<Long, Long> of(Path file, Set<Long> rows) {
    String name = String.valueOf(file.getFileName());
    boolean table = name.endsWith(".csv") || name.endsWith(".tsv");
    if (!table && !name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
      return Map.of();
    }
    Map<Long, Long> lines = new HashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long row = table ? -1 : 0;
      long line = 0;
      boolean quoted = false;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!quoted && !text.isBlank() && rows.contains(++row)) {
          lines.put(row, line);
        }
        if (table && text.chars().filter(character -> character == '"').count() % 2 == 1) {
          quoted = !quoted;
        }
      }
    } catch (IOException e) {
      throw new StorageException("The upload " + name + " cannot be read: " + e, e);
    }
    return lines;
  }
}
