package org.attune.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a {@link Dataset}: a value for each column, in the columns' order.
 *
 * <p>Values are {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code List}, {@code
 * Map} and null; integers beyond 64 bits are {@code BigInteger}; dates, times and identifiers of
 * Parquet files are text in ISO form.
 */
public final class Row {
  private final long number;
  private final Map<String, @Nullable Object> values;

  Row(long number, Map<String, @Nullable Object> values) {
    this.number = number;
    this.values = Collections.unmodifiableMap(values);
  }

  /** The position in its dataset, from 1. */
  public long number() {
    return number;
  }

  /**
   * The value of a column, which may be null.
   *
   * @throws DatasetFormatException if there is no such column
   */
  public @Nullable Object get(String column) {
    if (!values.containsKey(column)) {
      throw DatasetFormatException.of(
          "Row "
              + number
              + " has no column \""
              + column
              + "\". The columns are "
              + String.join(", ", values.keySet())
              + ".");
    }
    return values.get(column);
  }

  /** Whether the column exists and its value is not null. */
  public boolean has(String column) {
    return values.get(column) != null;
  }

  /** The value of a text column. */
  public String text(String column) {
    return typed(column, String.class, "text");
  }

  /** The value of an integer column. */
  public long integer(String column) {
    return typed(column, Long.class, "an integer");
  }

  /** The value of a column of numbers, integers among them. */
  public double number(String column) {
    return typed(column, Number.class, "a number").doubleValue();
  }

  /** The value of a column of truth values. */
  public boolean flag(String column) {
    return typed(column, Boolean.class, "true or false");
  }

  /** The value of a column of lists. */
  @SuppressWarnings("unchecked")
  public List<@Nullable Object> list(String column) {
    return typed(column, List.class, "a list");
  }

  /** The value of a column of objects. */
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> struct(String column) {
    return typed(column, Map.class, "an object");
  }

  /** All values by column, unmodifiable. */
  public Map<String, @Nullable Object> values() {
    return values;
  }

  /** All values and one more, or one in place of another: the usual result of a {@code map}. */
  public Map<String, @Nullable Object> with(String column, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
    changed.put(column, value);
    return changed;
  }

  private <T> T typed(String column, Class<T> type, String expected) {
    Object value = get(column);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw DatasetFormatException.of(
        "Row "
            + number
            + ", column \""
            + column
            + "\": expected "
            + expected
            + " but found "
            + description(value)
            + ". Correct the row, drop it with a filter, or read the column with get(\""
            + column
            + "\").");
  }

  private static String description(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text = value.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    if (value instanceof String) {
      return "the text \"" + shown + "\"";
    }
    String kind = value instanceof List ? "the list " : value instanceof Map ? "the object " : "";
    return kind + shown;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && values.equals(row.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
