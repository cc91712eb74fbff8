package org.attune.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Values that an independent implementation computed, from {@code parity/goldens/<name>/}.
 *
 * <p>Tests read goldens and never write them; the scripts in {@code parity/} make them.
 */
public final class Goldens {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final JsonNode values;

  private Goldens(Path folder, JsonNode values) {
    this.folder = folder;
    this.values = values;
  }

  /**
   * Opens the goldens of one experiment.
   *
   * @throws AssertionError if there are none of that name
   */
  public static Goldens open(String name) {
    String relative = "parity/goldens/" + name;
    Path folder =
        RepositoryRoot.resolve(relative, "Make it with parity/make.py; see parity/README.md.");
    Path file = RepositoryRoot.resolve(relative + "/values.json", "Every golden has one.");
    try {
      return new Goldens(folder, JSON.readTree(file.toFile()));
    } catch (IOException failure) {
      throw new UncheckedIOException(file + " cannot be read", failure);
    }
  }

  /** The content of {@code values.json}. */
  public JsonNode values() {
    return values;
  }

  /**
   * Returns an array of numbers from {@code values.json}.
   *
   * @param pointer a JSON pointer, such as {@code /accumulated/losses}
   * @throws AssertionError if there is no array of numbers in that place
   */
  public double[] numbers(String pointer) {
    JsonNode array = values.at(pointer);
    if (!array.isArray()) {
      throw new AssertionError(folder.resolve("values.json") + " has no array at " + pointer + ".");
    }
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!array.get(i).isNumber()) {
        throw new AssertionError(
            folder.resolve("values.json") + " has no number at " + pointer + "/" + i + ".");
      }
      numbers[i] = array.get(i).doubleValue();
    }
    return numbers;
  }

  /** The content of {@code corpus.json.gz}, which experiments on many texts recorded. */
  public JsonNode corpus() {
    Path file = folder.resolve("corpus.json.gz");
    try (InputStream content = new GZIPInputStream(Files.newInputStream(file))) {
      return JSON.readTree(content);
    } catch (IOException failure) {
      throw new UncheckedIOException(file + " cannot be read", failure);
    }
  }

  /** The file {@code tensors.safetensors}; it exists if the experiment recorded tensors. */
  public Path tensors() {
    return folder.resolve("tensors.safetensors");
  }
}
