package org.attune.server.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.problem.SchemaException;
import org.attune.server.problem.SchemaException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object of a request, read key by key. Faults are collected, and {@link #check} reports
 * them together; a faulty key reads as a harmless value until then. Unknown keys are ignored.
 */
public final class Body {

  private final Map<String, @Nullable Object> values;
  private final List<Object> location;
  private final List<Fault> faults;

  private Body(Map<String, @Nullable Object> values, List<Object> location, List<Fault> faults) {
    this.values = values;
    this.location = location;
    this.faults = faults;
  }

  public static Body of(Map<String, @Nullable Object> values) {
    return new Body(values, List.of("body"), new ArrayList<>());
  }

  /** Throws if anything read so far was at fault. */
  public void check() {
    if (!faults.isEmpty()) {
      throw new SchemaException(faults);
    }
  }

  /** Whether the key is there, even as null. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Everything as it came. */
  public Map<String, @Nullable Object> values() {
    return values;
  }

  /** The value as it came. */
  public @Nullable Object raw(String key) {
    return values.get(key);
  }

  /** A text that must be there, of 1 to {@code longest} code points. */
  public String text(String key, int longest) {
    Object value = values.get(key);
    if (value == null) {
      fault(key, has(key) ? "Input should be a valid string" : "Field required", "missing");
      return "";
    }
    return checked(key, value, longest);
  }

  /** A text that may be left out or null. */
  public @Nullable String optionalText(String key, int longest) {
    Object value = values.get(key);
    return value == null ? null : checked(key, value, longest);
  }

  private String checked(String key, Object value, int longest) {
    if (!(value instanceof String text)) {
      fault(key, "Input should be a valid string", "string_type");
      return "";
    }
    int length = text.codePointCount(0, text.length());
    if (length < 1) {
      fault(key, "String should have at least 1 character", "string_too_short");
    } else if (length > longest) {
      fault(key, "String should have at most " + longest + " characters", "string_too_long");
    } else if (text.indexOf('\0') >= 0) {
      fault(key, "String should not contain the null character", "string_null_character");
    }
    return text;
  }

  /** A boolean, or the given one if the key is missing; null is a fault. */
  public boolean bool(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (values.get(key) instanceof Boolean value) {
      return value;
    }
    fault(key, "Input should be a valid boolean", "bool_type");
    return otherwise;
  }

  /** A whole number in a range that must be there. */
  public int integer(String key, int least, int most) {
    if (!has(key)) {
      fault(key, "Field required", "missing");
      return least;
    }
    if (!(values.get(key) instanceof Integer value)) {
      fault(key, "Input should be a valid integer", "int_type");
      return least;
    }
    if (value < least || value > most) {
      fault(key, "Input should be from " + least + " to " + most, "out_of_range");
      return least;
    }
    return value;
  }

  /** An object that must be there. */
  public Body object(String key) {
    Object value = values.get(key);
    if (value instanceof Map<?, ?>) {
      return new Body(asObject(value), at(key), faults);
    }
    fault(key, has(key) ? "Input should be a valid object" : "Field required", "missing");
    return new Body(Map.of(), at(key), faults);
  }

  /** A plain object that may be left out or null. */
  public @Nullable Map<String, @Nullable Object> optionalMap(String key) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Map<?, ?>) {
      return asObject(value);
    }
    fault(key, "Input should be a valid dictionary", "dict_type");
    return null;
  }

  /** A list of objects that must be there, with a number of items within bounds. */
  public List<Body> objects(String key, int least, int most) {
    Object value = values.get(key);
    if (!(value instanceof List<?> items)) {
      fault(key, has(key) ? "Input should be a valid list" : "Field required", "missing");
      return List.of();
    }
    if (items.size() < least) {
      fault(key, "List should have at least " + least + " items", "too_short");
      return List.of();
    }
    if (items.size() > most) {
      fault(key, "List should have at most " + most + " items", "too_long");
      return List.of();
    }
    List<Body> bodies = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      List<Object> place = new ArrayList<>(at(key));
      place.add(i);
      Object item = items.get(i);
      if (item instanceof Map<?, ?>) {
        bodies.add(new Body(asObject(item), place, faults));
      } else {
        faults.add(new Fault(place, "Input should be a valid object", "dict_type"));
      }
    }
    return bodies;
  }

  /** As {@link #objects}, and no items where the key is missing or null. */
  public List<Body> optionalObjects(String key, int most) {
    return values.get(key) == null ? List.of() : objects(key, 0, most);
  }

  /** Reports a fault of one key that the caller found. */
  public void fault(String key, String message, String type) {
    faults.add(new Fault(at(key), message, type));
  }

  private List<Object> at(String key) {
    List<Object> place = new ArrayList<>(location);
    place.add(key);
    return place;
  }

  /** JSON objects have only texts as keys. */
  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> asObject(Object value) {
    return (Map<String, @Nullable Object>) value;
  }
}
