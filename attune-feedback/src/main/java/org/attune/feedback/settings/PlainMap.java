package org.attune.feedback.settings;

import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a parsed file, and reports those that are missing or of the wrong type. */
public final class PlainMap {

  private final Map<?, ?> map;
  private final Problems problems;

  private PlainMap(Map<?, ?> map, Problems problems) {
    this.map = map;
    this.problems = problems;
  }

  /** A view of what should be a map; an empty one, and a problem, if it is not. */
  public static PlainMap of(String name, @Nullable Object value, Problems problems) {
    if (value instanceof Map<?, ?> map) {
      return new PlainMap(map, problems.at(name));
    }
    problems.add(name, "must be a group of keys", value, "Correct the file.");
    return new PlainMap(Map.of(), problems.at(name));
  }

  public boolean has(String key) {
    return map.get(key) != null;
  }

  public @Nullable Object get(String key) {
    return map.get(key);
  }

  /** A text that must be there; empty, and a problem, if it is not. */
  public String text(String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    problems.add(key, "must be a text", map.get(key), "Correct the file.");
    return "";
  }

  public @Nullable String optionalText(String key) {
    return has(key) ? text(key) : null;
  }

  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (map.get(key) instanceof Boolean flag) {
      return flag;
    }
    problems.add(key, "must be true or false", map.get(key), "Correct the file.");
    return absent;
  }

  public @Nullable Number number(String key) {
    if (!has(key)) {
      return null;
    }
    if (map.get(key) instanceof Number number) {
      return number;
    }
    problems.add(key, "must be a number", map.get(key), "Correct the file.");
    return null;
  }

  public @Nullable Integer whole(String key) {
    Number number = number(key);
    return number == null ? null : number.intValue();
  }

  /** A list; empty where the key is missing or null. */
  public List<?> list(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (map.get(key) instanceof List<?> list) {
      return list;
    }
    problems.add(key, "must be a list", map.get(key), "Correct the file.");
    return List.of();
  }

  public Problems problems() {
    return problems;
  }
}
