package org.attune.feedback.query;

import java.util.List;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Lets records pass that have one of some values in a scope, or a number within bounds.
 *
 * @param values the values, numbers written as texts; empty for bounds
 * @param least the lower bound, included, or null
 * @param most the upper bound, included, or null
 */
public record Filter(
    Scope scope, List<String> values, @Nullable Double least, @Nullable Double most) {

  private static final int MOST_VALUES = 250;

  public Filter {
    values = List.copyOf(values);
    Problems problems = Problems.none();
    boolean bounded = least != null || most != null;
    if (values.isEmpty() != bounded || values.size() > MOST_VALUES) {
      problems.add("values", "must be 1 to 250, or bounds", values, "Name what may pass.");
    }
    if (least != null && most != null && least > most) {
      problems.add("least", "must be at most " + most, least, "Exchange the two.");
    }
    problems.throwIfAny("the filter");
  }

  /** Lets records pass that have one of the values. */
  public static Filter of(Scope scope, String... values) {
    return new Filter(scope, List.of(values), null, null);
  }

  /** Lets records pass that have a number within the bounds, both included. */
  public static Filter between(Scope scope, double least, double most) {
    return new Filter(scope, List.of(), least, most);
  }

  public static Filter atLeast(Scope scope, double least) {
    return new Filter(scope, List.of(), least, null);
  }

  public static Filter atMost(Scope scope, double most) {
    return new Filter(scope, List.of(), null, most);
  }

  /** Whether the record passes. */
  public boolean passes(FeedbackRecord record) {
    return scope.values(record).stream().anyMatch(this::passes);
  }

  private boolean passes(Object value) {
    if (!values.isEmpty()) {
      return values.contains(String.valueOf(value));
    }
    return value instanceof Number number
        && (least == null || number.doubleValue() >= least)
        && (most == null || number.doubleValue() <= most);
  }
}
