package org.attune.server.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as plain maps, lists, texts, numbers and booleans. Whole numbers stay whole: {@code 3} is
 * read as an integer and {@code 3.0} is not.
 */
public final class Json {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};
  private static final TypeReference<List<@Nullable Object>> ARRAY = new TypeReference<>() {};

  private Json() {}

  public static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }

  public static Map<String, @Nullable Object> object(String text) {
    return MAPPER.readValue(text, OBJECT);
  }

  public static List<@Nullable Object> array(String text) {
    return MAPPER.readValue(text, ARRAY);
  }

  /** Any JSON value. */
  public static @Nullable Object value(String text) {
    return MAPPER.readValue(text, Object.class);
  }
}
