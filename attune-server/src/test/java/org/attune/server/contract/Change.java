package org.attune.server.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** A change of a place in a JSON body, as rows of {@code contract/validators.txt} write it. */
final class Change {

  private static final Pattern MADE = Pattern.compile("([a-z]+)\\((\\d+)(?:\\.\\.(\\d+))?\\)");
  private static final String REMOVAL = "no ";

  private Change() {}

  /** The body after {@code PLACE = VALUE; no PLACE}. */
  static Map<String, @Nullable Object> apply(String body, String changes) {
    Map<String, @Nullable Object> changed = Json.object(body);
    for (String change : changes.split("; ", -1)) {
      if (change.startsWith(REMOVAL)) {
        put(changed, change.substring(REMOVAL.length()).strip(), null);
      } else {
        String[] halves = change.split(" = ", 2);
        put(changed, halves[0].strip(), halves[1].strip());
      }
    }
    return changed;
  }

  /** Puts a value to a place, or removes what is there. */
  @SuppressWarnings("unchecked")
  private static void put(Object root, String place, @Nullable String value) {
    String[] keys = place.split("\\.", -1);
    Object inner = root;
    for (int i = 0; i < keys.length - 1; i++) {
      inner =
          inner instanceof List<?> list
              ? list.get(Integer.parseInt(keys[i]))
              : ((Map<String, @Nullable Object>) Objects.requireNonNull(inner)).get(keys[i]);
    }
    String last = keys[keys.length - 1];
    if (inner instanceof List<?>) {
      List<@Nullable Object> list = (List<@Nullable Object>) inner;
      int index = Integer.parseInt(last);
      if (value == null) {
        list.remove(index);
      } else {
        list.set(index, value(value, list.get(index)));
      }
      return;
    }
    Map<String, @Nullable Object> map =
        (Map<String, @Nullable Object>) Objects.requireNonNull(inner);
    if (value == null) {
      map.remove(last);
    } else {
      map.put(last, value(value, map.get(last)));
    }
  }

  private static @Nullable Object value(String text, @Nullable Object before) {
    Matcher made = MADE.matcher(text);
    if (!made.matches()) {
      return Json.value(text);
    }
    int count = Integer.parseInt(made.group(2));
    return switch (made.group(1)) {
      case "text" -> "x".repeat(count);
      case "copies" -> copies((List<?>) before, count);
      case "texts" -> list(count, i -> "t" + i);
      case "numbers" -> list(count, i -> i);
      case "options" -> list(count, i -> Map.of("value", "o" + i, "text", "O" + i));
      case "spans" -> list(count, i -> Map.of("label", "a", "start", 0, "end", 1));
      case "ratings" ->
          IntStream.rangeClosed(count, Integer.parseInt(made.group(3)))
              .mapToObj(i -> Map.of("value", i))
              .toList();
      default -> throw new AssertionError("no value is called " + text);
    };
  }

  private static List<@Nullable Object> list(int count, IntFunction<Object> at) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(at).toList());
  }

  /** Copies of the first item, without the external id that only one record can have. */
  private static List<Object> copies(@Nullable List<?> before, int count) {
    Object first = before == null ? Map.of() : before.get(0);
    if (first instanceof Map<?, ?> item && item.containsKey("external_id")) {
      Map<Object, Object> free = new HashMap<>(item);
      free.remove("external_id");
      first = free;
    }
    Object copied = first;
    return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> copied).toList());
  }
}
