package org.attune.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a JSON configuration file such as {@code config.json}. A key whose value is
 * {@code null} counts as absent, as it does in transformers. Keys that nobody asks for are ignored.
 */
public final class ConfigJson {
  /** Python writes NaN and Infinity into JSON. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final Path file;
  private final String prefix;
  private final ObjectNode object;

  private ConfigJson(Path file, String prefix, ObjectNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException if it is missing or unreadable, or holds no JSON object
   */
  public static ConfigJson read(Path file) {
    try {
      return parse(file, Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "%s does not exist. A model directory needs it; copy it from where the model came from."
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read: %s.".formatted(file, DurableFile.reason(e)), e);
    }
  }

  /**
   * Reads the given content of a file.
   *
   * @param file the name for error messages
   * @throws CheckpointException if the content is no JSON object
   */
  public static ConfigJson parse(Path file, byte[] content) {
    JsonNode root;
    try {
      root = MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is not valid JSON at line %d, column %d: %s. Copy the file again."
              .formatted(
                  file,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new CheckpointException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
    if (root instanceof ObjectNode object) {
      return new ConfigJson(file, "", object);
    }
    throw new CheckpointException(
        "%s must hold a JSON object but %s. Copy the file again."
            .formatted(
                file, root.isMissingNode() ? "is empty" : "holds " + shortened(root.toString())));
  }

  /** The file this was read from, for error messages. */
  public Path file() {
    return file;
  }

  /** Whether the key is present with a value other than null. */
  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** Whether the key is written at all, be it as null. */
  public boolean mentions(String key) {
    return object.has(key);
  }

  /** The keys that are present with a value other than null. */
  public List<String> keys() {
    return object.properties().stream()
        .filter(property -> !property.getValue().isNull())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the key asks for nothing: it is absent, null, false or 0. */
  public boolean isOff(String key) {
    JsonNode value = object.path(key);
    return !has(key)
        || (value.isBoolean() && !value.booleanValue())
        || (value.isNumber() && value.doubleValue() == 0);
  }

  public int integer(String key) {
    return value(key, "a whole number", ConfigJson::isInteger).intValue();
  }

  public int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /** A size or a count. */
  public int atLeastOne(String key) {
    int value = integer(key);
    if (value < 1) {
      throw mismatch(key, "at least 1");
    }
    return value;
  }

  public double number(String key) {
    return value(key, "a number", JsonNode::isNumber).doubleValue();
  }

  public double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  public boolean flag(String key) {
    return value(key, "true or false", JsonNode::isBoolean).booleanValue();
  }

  public boolean flag(String key, boolean otherwise) {
    return has(key) ? flag(key) : otherwise;
  }

  public String text(String key) {
    return value(key, "a string", JsonNode::isTextual).textValue();
  }

  public String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  /** The whole numbers under a key that holds one or a list of them; none if it is absent. */
  public List<Integer> integers(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!object.get(key).isArray()) {
      return List.of(integer(key));
    }
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode item : object.get(key)) {
      if (!isInteger(item)) {
        throw mismatch(key, "a whole number or a list of them", object.get(key));
      }
      numbers.add(item.intValue());
    }
    return List.copyOf(numbers);
  }

  /** The list of numbers under a key. */
  public List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : value(key, "a list of numbers", JsonNode::isArray)) {
      if (!item.isNumber()) {
        throw mismatch(key, "a list of numbers", object.get(key));
      }
      numbers.add(item.doubleValue());
    }
    return List.copyOf(numbers);
  }

  /** The strings under a key that holds one or a list of them; none if it is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!object.get(key).isArray()) {
      return List.of(text(key));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : object.get(key)) {
      if (!item.isTextual()) {
        throw mismatch(key, "a string or a list of them", object.get(key));
      }
      texts.add(item.textValue());
    }
    return List.copyOf(texts);
  }

  /** The object under a key, which names its own keys as {@code key.inner} in errors. */
  public Optional<ConfigJson> object(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    ObjectNode inner = (ObjectNode) value(key, "an object", JsonNode::isObject);
    return Optional.of(new ConfigJson(file, prefix + key + ".", inner));
  }

  /**
   * The value under a key that is present, of any type.
   *
   * @throws CheckpointException if the key is absent
   */
  public JsonNode value(String key) {
    return value(key, "present", value -> !value.isNull());
  }

  /** A copy of everything in the file, keys that nobody asks for included, to change and write. */
  public ObjectNode toJson() {
    return object.deepCopy();
  }

  /**
   * An error that names the file, the key and its value.
   *
   * @param rule what the value must be, after "must be"
   */
  public CheckpointException mismatch(String key, String rule) {
    return mismatch(key, rule, object.get(key));
  }

  private JsonNode value(String key, String rule, Predicate<JsonNode> test) {
    JsonNode value = object.get(key);
    if (value == null || !test.test(value)) {
      throw mismatch(key, rule, value);
    }
    return value;
  }

  private static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt();
  }

  private CheckpointException mismatch(String key, String rule, @Nullable JsonNode value) {
    return new CheckpointException(
        "%s: %s must be %s but %s."
            .formatted(
                file,
                prefix + key,
                rule,
                value == null || value.isNull()
                    ? "is missing; add it"
                    : "was " + shortened(value.toString())));
  }

  private static String shortened(String json) {
    return json.length() <= 80 ? json : json.substring(0, 80) + "…";
  }
}
