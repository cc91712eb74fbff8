package org.attune.model.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.model.checkpoint.CheckpointException;
import org.jspecify.annotations.Nullable;

/** Typed reading of the values in a GGUF head. */
final class GgufMetadata {
  private final Path file;
  private final Map<String, Object> values;

  GgufMetadata(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> mismatch(key, "a string", values.get(key)));
  }

  Optional<String> optionalText(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof String)) {
      throw mismatch(key, "a string", value);
    }
    return Optional.ofNullable((String) value);
  }

  /** A whole number; some files repeat it for each layer. */
  Optional<Integer> integer(String key) {
    Object value = values.get(key);
    if (value instanceof List<?> list && list.stream().distinct().count() == 1) {
      value = list.get(0);
    }
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
      return Optional.of(number.intValue());
    }
    throw mismatch(key, "one whole number, the same for every layer", value);
  }

  Optional<Double> number(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    throw mismatch(key, "a number", value);
  }

  /** The tokens of the vocabulary, if the file has one. */
  Optional<List<?>> list(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof List<?>)) {
      throw mismatch(key, "a list", value);
    }
    return Optional.ofNullable((List<?>) value);
  }

  CheckpointException mismatch(String key, String rule, @Nullable Object value) {
    String shown = String.valueOf(value);
    return new CheckpointException(
        "%s: %s must be %s but %s."
            .formatted(
                file,
                key,
                rule,
                value == null
                    ? "is missing; convert the model again"
                    : "was " + (shown.length() <= 80 ? shown : shown.substring(0, 80) + "…")));
  }
}
