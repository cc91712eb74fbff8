package org.attune.run.yaml;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns YAML nodes into values of the type that a setting declares.
 *
 * <p>The declared type decides, not YAML's guess: by YAML 1.1 {@code 1e-4} would be a text and
 * {@code no} a truth value.
 */
final class Values {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[-+]?[0-9]+(_[0-9]+)*");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(_[0-9]+)*(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<Tag> KNOWN_TAGS =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.SEQ,
          Tag.MAP,
          Tag.MERGE);

  /** A value is not of the declared type. */
  static final class MismatchException extends Exception {
    private static final long serialVersionUID = 1;

    private final String rule;
    private final String fix;

    MismatchException(String rule, String fix) {
      super(rule);
      this.rule = rule;
      this.fix = fix;
    }

    String rule() {
      return rule;
    }

    String fix() {
      return fix;
    }
  }

  private Values() {}

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && NULLS.contains(scalar.getValue());
  }

  /** Whether {@code node} gives nothing: neither a value nor an element. */
  static boolean isEmpty(Node node) {
    return isNull(node) || (node instanceof SequenceNode list && list.getValue().isEmpty());
  }

  static @Nullable Object of(Node node, Setting setting) throws MismatchException {
    rejectTag(node);
    if (isNull(node)) {
      if (setting.isNullable()) {
        return null;
      }
      throw new MismatchException("must have a value", "Leave the key out to use the default.");
    }
    if (setting.type() instanceof ParameterizedType collection) {
      return collection.getRawType() == Map.class ? map(node, collection) : list(node, collection);
    }
    return scalar(node, setting.type());
  }

  /** The value as the user typed it, shortened. */
  static String shown(Node node) {
    if (node instanceof ScalarNode scalar) {
      String text = scalar.getValue();
      String shortened =
          text.codePointCount(0, text.length()) > 60
              ? text.substring(0, text.offsetByCodePoints(0, 60)) + "…"
              : text;
      return scalar.isPlain() && !text.isEmpty() ? shortened : YamlText.quoted(shortened);
    }
    return node instanceof SequenceNode ? "a list" : "a section";
  }

  private static List<Object> list(Node node, ParameterizedType type) throws MismatchException {
    Type element = type.getActualTypeArguments()[0];
    if (node instanceof ScalarNode) {
      return List.of(scalar(node, element));
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw new MismatchException("must be a list", "Write [first, second] or one value.");
    }
    List<Object> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      rejectTag(item);
      values.add(scalar(item, element));
    }
    return values;
  }

  private static Map<String, Object> map(Node node, ParameterizedType type)
      throws MismatchException {
    Type valueType = type.getActualTypeArguments()[1];
    if (!(node instanceof MappingNode mapping)) {
      throw new MismatchException(
          "must be a map",
          valueType == String.class ? "Write {old-name: new-name}." : "Write {name: number}.");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      rejectTag(entry.getKeyNode());
      rejectTag(entry.getValueNode());
      String key = (String) scalar(entry.getKeyNode(), String.class);
      if (values.put(key, scalar(entry.getValueNode(), valueType)) != null) {
        throw new MismatchException("names " + key + " twice", "Keep one of the two.");
      }
    }
    return values;
  }

  private static Object scalar(Node node, Type type) throws MismatchException {
    if (!(node instanceof ScalarNode scalar)) {
      throw new MismatchException(
          "must be " + description(type), "Write one value, not a list or a section.");
    }
    if (isNull(node)) {
      throw new MismatchException(
          "must be " + description(type), "An empty place or null is no value here.");
    }
    String text = scalar.getValue();
    if (type == String.class) {
      return text;
    }
    if (type == Path.class) {
      return path(text);
    }
    if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
      return constant(text, enumeration);
    }
    if (!scalar.isPlain()) {
      throw new MismatchException("must be " + description(type), "Remove the quotes.");
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(text);
    }
    if (type == double.class || type == Double.class) {
      return number(text);
    }
    return wholeNumber(text, type);
  }

  private static Path path(String text) throws MismatchException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new MismatchException(
          "must be a path (" + e.getReason() + ")", "Write a path such as data/train.jsonl.");
    }
  }

  private static Object constant(String text, Class<?> type) throws MismatchException {
    String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
    for (Object constant : type.getEnumConstants()) {
      if (Setting.kebab(((Enum<?>) constant).name()).equals(wanted)) {
        return constant;
      }
    }
    throw new MismatchException(
        "must be " + description(type), "Choose one of them; case does not matter.");
  }

  private static boolean truth(String text) throws MismatchException {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals("true") && !lower.equals("false")) {
      throw new MismatchException("must be true or false", "Write true or false.");
    }
    return lower.equals("true");
  }

  private static double number(String text) throws MismatchException {
    if (!NUMBER.matcher(text).matches()) {
      throw new MismatchException("must be a number", "Write it like 0.5 or 1e-4.");
    }
    return Double.parseDouble(text.replace("_", ""));
  }

  private static Object wholeNumber(String text, Type type) throws MismatchException {
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      throw new MismatchException("must be a whole number", "Write it like 8, without a point.");
    }
    boolean isLong = type == long.class || type == Long.class;
    try {
      String digits = text.replace("_", "");
      return isLong ? (Object) Long.parseLong(digits) : (Object) Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new MismatchException(
          "must be a whole number of at most " + (isLong ? Long.MAX_VALUE : Integer.MAX_VALUE),
          "Write a smaller number.");
    }
  }

  private static void rejectTag(Node node) throws MismatchException {
    if (!KNOWN_TAGS.contains(node.getTag())) {
      throw new MismatchException(
          "must not have the tag " + node.getTag().getValue(), "Remove the tag.");
    }
  }

  private static String description(Type type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
      return Arrays.stream(enumeration.getEnumConstants())
          .map(constant -> Setting.kebab(((Enum<?>) constant).name()))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    return "a whole number";
  }
}
