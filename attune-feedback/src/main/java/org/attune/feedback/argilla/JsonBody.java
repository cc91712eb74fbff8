package org.attune.feedback.argilla;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** A JSON object of a request or an answer. A key that is null counts as absent. */
final class JsonBody {

  private static final String FIX = "Correct the request.";

  private final Map<?, ?> map;
  private final Problems problems;

  private JsonBody(Map<?, ?> map, Problems problems) {
    this.map = map;
    this.problems = problems;
  }

  /** A view of what should be an object; an empty one, and a problem, if it is not. */
  static JsonBody of(String name, @Nullable Object value, Problems problems) {
    if (value instanceof Map<?, ?> map) {
      return new JsonBody(map, problems);
    }
    problems.add(name, "must be an object", value, FIX);
    return new JsonBody(Map.of(), problems);
  }

  Problems problems() {
    return problems;
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  @Nullable Object get(String key) {
    return map.get(key);
  }

  /** Whether the key is there, be it with null. */
  boolean mentions(String key) {
    return map.containsKey(key);
  }

  /** Reports keys that are null though they can only be left out or changed. */
  void refuseNull(String... keys) {
    for (String key : keys) {
      if (map.containsKey(key) && map.get(key) == null) {
        problems.add(key, "must not be null", null, "Leave it out to keep what is there.");
      }
    }
  }

  /** The object under a key, its problems reported as of that key. */
  JsonBody object(String key) {
    return of(key, map.get(key), problems.at(key));
  }

  String text(String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    problems.add(key, "must be a text", map.get(key), FIX);
    return "";
  }

  @Nullable String optionalText(String key) {
    return has(key) ? text(key) : null;
  }

  boolean flag(String key, boolean absent) {
    if (!has(key) || map.get(key) instanceof Boolean) {
      return map.get(key) instanceof Boolean flag ? flag : absent;
    }
    problems.add(key, "must be true or false", map.get(key), FIX);
    return absent;
  }

  /** A whole number; neither 3.0 nor "3" is one. */
  @Nullable Long whole(String key) {
    Object value = map.get(key);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value != null) {
      problems.add(key, "must be a whole number", value, FIX);
    }
    return null;
  }

  @Nullable Integer wholeInt(String key) {
    Long value = whole(key);
    if (value != null && value != value.intValue()) {
      problems.add(key, "must be at most " + Integer.MAX_VALUE, value, FIX);
    }
    return value == null ? null : value.intValue();
  }

  @Nullable Double number(String key) {
    Object value = map.get(key);
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    if (value != null) {
      problems.add(key, "must be a finite number", value, FIX);
    }
    return null;
  }

  /** A list; empty where the key is absent. */
  List<?> list(String key) {
    if (!has(key) || map.get(key) instanceof List<?>) {
      return map.get(key) instanceof List<?> list ? list : List.of();
    }
    problems.add(key, "must be a list", map.get(key), FIX);
    return List.of();
  }

  /** The objects of a list, the problems of each reported as of its position. */
  List<JsonBody> objects(String key) {
    List<JsonBody> objects = new ArrayList<>();
    for (Object item : list(key)) {
      objects.add(of(key, item, problems.at(key + " " + objects.size())));
    }
    return objects;
  }
}
