package org.attune.feedback.query;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.attune.feedback.record.FeedbackRecord;

/** An order of records by what they have in a scope; those that have nothing come last. */
public record Sort(Scope scope, boolean descending) {

  public static Sort ascending(Scope scope) {
    return new Sort(scope, false);
  }

  public static Sort descending(Scope scope) {
    return new Sort(scope, true);
  }

  /** Compares records by their least value, or by their largest in descending order. */
  public Comparator<FeedbackRecord> comparator() {
    Comparator<Object> rising = Sort::compare;
    Comparator<Object> values = descending ? rising.reversed() : rising;
    return (first, second) -> {
      Optional<Object> one = scope.values(first).stream().min(values);
      Optional<Object> other = scope.values(second).stream().min(values);
      if (one.isEmpty() || other.isEmpty()) {
        return Boolean.compare(one.isEmpty(), other.isEmpty());
      }
      return values.compare(one.get(), other.get());
    };
  }

  /** The order of several sorts, the first of them first; without any, that which is there. */
  public static Comparator<FeedbackRecord> all(List<Sort> sorts) {
    return (first, second) ->
        sorts.stream()
            .mapToInt(sort -> sort.comparator().compare(first, second))
            .filter(difference -> difference != 0)
            .findFirst()
            .orElse(0);
  }

  /** Numbers by size, before texts by their characters. */
  private static int compare(Object first, Object second) {
    boolean number = first instanceof Number;
    if (number != second instanceof Number) {
      return number ? -1 : 1;
    }
    return number
        ? Double.compare(((Number) first).doubleValue(), ((Number) second).doubleValue())
        : first.toString().compareTo(second.toString());
  }
}
