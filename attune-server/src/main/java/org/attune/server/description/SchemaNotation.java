package org.attune.server.description;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The short notation of schemas in the files under {@code api}, and the JSON schemas it stands for.
 *
 * <p>A text is a type: {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code
 * object}, {@code any}, {@code null} or the name of a schema; {@code string(1..200)} with the least
 * and the most, either of which may be left out; {@code list of T} and {@code list(1..500) of T};
 * {@code map of T}; {@code one of a/b}; {@code T or U}. A map is an object with exactly these keys,
 * where {@code maybe key} may be left out and {@code "*"} says what other keys hold. {@code json}
 * holds a JSON schema as it is.
 */
final class SchemaNotation {

  private static final Pattern BOUNDED = Pattern.compile("(\\w+)\\((\\d*)\\.\\.(\\d*)\\)");
  private static final Pattern LIST = Pattern.compile("list(?:\\((\\d*)\\.\\.(\\d*)\\))? of (.+)");
  private static final String MAP = "map of ";
  private static final String ONE = "one of ";
  private static final String MAYBE = "maybe ";
  private static final String OTHERS = "*";

  private SchemaNotation() {}

  static Map<String, Object> schema(Object notation) {
    if (notation instanceof Map<?, ?> map) {
      return map.get("json") instanceof Map<?, ?> json ? copy(json) : object(map);
    }
    return type(String.valueOf(notation));
  }

  private static Map<String, Object> copy(Map<?, ?> json) {
    Map<String, Object> copy = new LinkedHashMap<>();
    json.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  private static Map<String, Object> object(Map<?, ?> keys) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    Object others = false;
    for (Map.Entry<?, ?> entry : keys.entrySet()) {
      String key = String.valueOf(entry.getKey());
      Map<String, Object> schema = schema(entry.getValue());
      if (key.equals(OTHERS)) {
        others = schema;
      } else if (isOptional(key)) {
        properties.put(name(key), schema);
      } else {
        properties.put(key, schema);
        required.add(key);
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", others);
    return schema;
  }

  static boolean isOptional(String key) {
    return key.startsWith(MAYBE);
  }

  static String name(String key) {
    return isOptional(key) ? key.substring(MAYBE.length()) : key;
  }

  private static Map<String, Object> type(String text) {
    List<Map<String, Object>> alternatives =
        Stream.of(text.split(" or ")).map(String::strip).map(SchemaNotation::single).toList();
    return alternatives.size() == 1 ? alternatives.get(0) : Map.of("anyOf", alternatives);
  }

  private static Map<String, Object> single(String text) {
    Matcher list = LIST.matcher(text);
    if (list.matches()) {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "array");
      schema.put("items", single(list.group(3)));
      bound(schema, "minItems", list.group(1));
      bound(schema, "maxItems", list.group(2));
      return schema;
    }
    if (text.startsWith(MAP)) {
      return Map.of("type", "object", "additionalProperties", single(text.substring(MAP.length())));
    }
    if (text.startsWith(ONE)) {
      return Map.of("type", "string", "enum", List.of(text.substring(ONE.length()).split("/")));
    }
    Matcher bounded = BOUNDED.matcher(text);
    if (bounded.matches()) {
      boolean isText = bounded.group(1).equals("string");
      Map<String, Object> schema = new LinkedHashMap<>(named(bounded.group(1)));
      bound(schema, isText ? "minLength" : "minimum", bounded.group(2));
      bound(schema, isText ? "maxLength" : "maximum", bounded.group(3));
      return schema;
    }
    return named(text);
  }

  private static void bound(Map<String, Object> schema, String key, @Nullable String number) {
    if (number != null && !number.isEmpty()) {
      schema.put(key, Long.parseLong(number));
    }
  }

  private static Map<String, Object> named(String name) {
    return switch (name) {
      case "any" -> Map.of();
      case "string", "integer", "number", "boolean", "object", "null" -> Map.of("type", name);
      default -> Map.of("$ref", "#/components/schemas/" + name);
    };
  }
}
