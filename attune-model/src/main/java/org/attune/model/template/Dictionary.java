package org.attune.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dictionary with Python's keys: 1, 1.0 and true are the same one. */
final class Dictionary {
  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** A key as it was first written, and its value. */
  record Entry(Object key, Object value) {
    Tuple pair() {
      return Tuple.of(key, value);
    }
  }

  /** Puts an entry while the dictionary is built; templates cannot change it. */
  void put(Object key, Object value) {
    entries.merge(
        Keys.normal(key), new Entry(key, value), (old, added) -> new Entry(old.key, value));
  }

  @Nullable Object get(Object key) {
    Entry entry = entries.get(Keys.normal(key));
    return entry == null ? null : entry.value;
  }

  boolean has(Object key) {
    return entries.containsKey(Keys.normal(key));
  }

  int size() {
    return entries.size();
  }

  Iterable<Entry> entries() {
    return entries.values();
  }

  List<Object> keys() {
    List<Object> keys = new ArrayList<>(size());
    entries.values().forEach(entry -> keys.add(entry.key));
    return keys;
  }

  List<Object> values() {
    List<Object> values = new ArrayList<>(size());
    entries.values().forEach(entry -> values.add(entry.value));
    return values;
  }

  List<Object> pairs() {
    List<Object> pairs = new ArrayList<>(size());
    entries.values().forEach(entry -> pairs.add(entry.pair()));
    return pairs;
  }
}
