package org.attune.cli.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.run.folder.Hashes;

/** What a folder of rows holds, as Markdown. */
final class DatasetCard {
  private static final List<String> ROWS =
      List.of(".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".json");

  private DatasetCard() {}

  static String of(Path folder, String title) {
    StringBuilder card = new StringBuilder();
    card.append("---\ntags:\n- attune\n---\n\n# ").append(title).append("\n\n");
    card.append("| file | rows | columns | SHA-256 |\n|---|---|---|---|\n");
    for (Path file : files(folder)) {
      Dataset rows = Dataset.read(file);
      String columns =
          rows.columns().stream()
              .map(column -> column.name() + " " + column.type())
              .collect(Collectors.joining(", "));
      try {
        card.append(
            "| %s | %,d | %s | `%s` |\n"
                .formatted(folder.relativize(file), rows.size(), columns, Hashes.sha256(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("%s cannot be read: %s.".formatted(file, e), e);
      }
    }
    return card.toString();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> ROWS.stream().anyMatch(path.toString()::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read: %s.".formatted(folder, e), e);
    }
  }
}
