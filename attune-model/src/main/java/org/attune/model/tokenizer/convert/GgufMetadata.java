package org.attune.model.tokenizer.convert;

import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.jspecify.annotations.Nullable;

/** What a GGUF file says of its tokenizer, each value checked for its type. */
final class GgufMetadata {
  private static final String PREFIX = "tokenizer.ggml.";

  /** What llama.cpp writes for no token, as a signed and as an unsigned number of 32 bits. */
  private static final List<Long> NO_TOKEN = List.of(-1L, 0xFFFF_FFFFL);

  private final Path file;
  private final Map<String, ?> values;

  GgufMetadata(Path file, Map<String, ?> values) {
    this.file = file;
    this.values = values;
  }

  /** The value of a key of the tokenizer, or null. */
  private @Nullable Object value(String key) {
    return values.get(PREFIX + key);
  }

  boolean has(String key) {
    return value(key) != null;
  }

  String architecture() {
    return values.get("general.architecture") instanceof String name ? name : "";
  }

  @Nullable String chatTemplate() {
    Object template = values.get("tokenizer.chat_template");
    if (template == null || template instanceof String) {
      return (String) template;
    }
    throw mismatch("tokenizer.chat_template", "must be a string", template);
  }

  String text(String key, String otherwise) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw mismatch(PREFIX + key, "must be a string", value);
  }

  boolean flag(String key, boolean otherwise) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw mismatch(PREFIX + key, "must be true or false", value);
  }

  /** The token id under a key; empty if there is none. */
  OptionalInt id(String key, int tokenCount) {
    Object value = value(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!(value instanceof Number number) || number.doubleValue() != number.longValue()) {
      throw mismatch(PREFIX + key, "must be a token id", value);
    }
    long id = number.longValue();
    if (NO_TOKEN.contains(id)) {
      return OptionalInt.empty();
    }
    if (id < 0 || id >= tokenCount) {
      throw mismatch(PREFIX + key, "must be in 0 to %,d".formatted(tokenCount - 1), value);
    }
    return OptionalInt.of((int) id);
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : items(key)) {
      if (!(item instanceof String text)) {
        throw mismatch(PREFIX + key, "must be a list of strings", item);
      }
      texts.add(text);
    }
    return texts;
  }

  double[] numbers(String key, int count) {
    List<?> items = items(key);
    if (items.size() != count) {
      throw damaged(
          "%s%s has %,d entries for %,d tokens".formatted(PREFIX, key, items.size(), count));
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      if (!(items.get(i) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        throw mismatch(PREFIX + key, "must be a list of numbers", items.get(i));
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }

  byte[] bytes(String key) {
    List<?> items = items(key);
    byte[] bytes = new byte[items.size()];
    for (int i = 0; i < bytes.length; i++) {
      if (!(items.get(i) instanceof Number number)) {
        throw mismatch(PREFIX + key, "must be a list of bytes", items.get(i));
      }
      bytes[i] = number.byteValue();
    }
    return bytes;
  }

  /** A list, in whichever form the reader of the file gives it. */
  private List<?> items(String key) {
    Object value = value(key);
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Object[] array) {
      return Arrays.asList(array);
    }
    if (value != null && value.getClass().isArray()) {
      List<Object> items = new ArrayList<>(Array.getLength(value));
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(Array.get(value, i));
      }
      return items;
    }
    throw mismatch(PREFIX + key, "must be a list", value);
  }

  CheckpointException mismatch(String key, String rule, @Nullable Object value) {
    return damaged(
        "%s %s but %s"
            .formatted(key, rule, value == null ? "is missing" : "was " + shortened(value)));
  }

  CheckpointException damaged(String problem) {
    return new CheckpointException(
        "The tokenizer of %s cannot be read: %s. Take the file again from where it came from, or convert the model to GGUF again with a current llama.cpp."
            .formatted(file, problem));
  }

  private static String shortened(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
