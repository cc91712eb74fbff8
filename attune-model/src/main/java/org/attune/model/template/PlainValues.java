package org.attune.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From values as rows and JSON have them to the values of templates. */
final class PlainValues {
  private static final int MAX_DEPTH = 200;

  private PlainValues() {}

  static Map<String, Object> of(Map<String, ? extends @Nullable Object> variables) {
    Map<String, Object> values = new HashMap<>();
    variables.forEach((name, value) -> values.put(name, of(value, 0)));
    return values;
  }

  private static Object of(@Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw TemplateException.of(
          "The messages are nested more than %d levels deep.".formatted(MAX_DEPTH));
    }
    if (value == null) {
      return None.NONE;
    }
    if (value instanceof String || value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Number number) {
      return value instanceof BigInteger big ? Numbers.of(big) : (Object) number.doubleValue();
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>(list.size());
      for (Object item : list) {
        items.add(of(item, depth + 1));
      }
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Dictionary dictionary = new Dictionary();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        dictionary.put(of(entry.getKey(), depth + 1), of(entry.getValue(), depth + 1));
      }
      return dictionary;
    }
    throw TemplateException.of(
        "A chat template takes texts, numbers, lists and maps, but was given a %s."
            .formatted(value.getClass().getSimpleName()));
  }
}
