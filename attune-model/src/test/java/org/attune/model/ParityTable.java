package org.attune.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The largest differences from the originals that the tests of one class measured, for each family.
 *
 * <p>{@link #write} leaves a file for each cell in {@code target/models}; {@code ./dev models}
 * makes the table of {@code docs/reference/models.md} of them.
 */
final class ParityTable {
  private static final Path FOLDER = Path.of("target", "models");

  /** What is measured; the names are those of the files. */
  enum Column {
    LOGITS,
    GRADIENTS,
    GENERATION,
    LORA,
    HEADS,
    ROUND_TRIP
  }

  private final Map<String, Map<Column, Double>> cells = new TreeMap<>();

  /** Notes a difference, relative to the largest reference value as in the tolerances. */
  void measured(String modelType, Column column, float[] actual, float[] expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    note(modelType, column, difference == 0 ? 0 : difference / largest);
  }

  /** Notes that everything was equal, bit by bit or token by token. */
  void equal(String modelType, Column column) {
    note(modelType, column, 0);
  }

  private void note(String modelType, Column column, double difference) {
    cells
        .computeIfAbsent(modelType, type -> new EnumMap<>(Column.class))
        .merge(column, difference, Math::max);
  }

  void write() {
    cells.forEach(
        (modelType, columns) ->
            columns.forEach((column, difference) -> write(modelType, column, difference)));
  }

  private static void write(String modelType, Column column, double difference) {
    Path file =
        FOLDER.resolve(modelType).resolve(column.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    String cell = difference == 0 ? "equal" : String.format(Locale.ROOT, "%.0e", difference);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, cell + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(file + " cannot be written", failure);
    }
  }
}
