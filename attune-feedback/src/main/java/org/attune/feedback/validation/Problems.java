package org.attune.feedback.validation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects broken rules while a value is checked, so that all are reported at once. */
public final class Problems {

  private final List<Problem> found;
  private final String place;

  private Problems(List<Problem> found, String place) {
    this.found = found;
    this.place = place;
  }

  public static Problems none() {
    return new Problems(new ArrayList<>(), "");
  }

  /** The same collection, seen from a more precise place. */
  public Problems at(String part) {
    return new Problems(found, place.isEmpty() ? part : place + ", " + part);
  }

  public void add(String name, String rule, @Nullable Object value, String fix) {
    found.add(new Problem(place, name, rule, shown(value), fix));
  }

  /**
   * Adds the problems that an exception lists, at this place, but for names that have one here
   * already: what is missing need not be too short as well.
   */
  public void addNew(InvalidFeedbackException exception) {
    for (Problem problem : exception.problems()) {
      boolean known =
          found.stream()
              .anyMatch(
                  earlier ->
                      earlier.place().equals(place) && earlier.name().equals(problem.name()));
      if (!known) {
        found.add(
            new Problem(place, problem.name(), problem.rule(), problem.value(), problem.fix()));
      }
    }
  }

  /** Every problem so far. */
  public List<Problem> all() {
    return List.copyOf(found);
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public int count() {
    return found.size();
  }

  /**
   * Throws if any rule was broken.
   *
   * @param subject what was checked, for the first line of the message
   */
  public void throwIfAny(String subject) {
    if (!found.isEmpty()) {
      throw new InvalidFeedbackException(subject, found);
    }
  }

  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "missing";
    }
    if (value instanceof String text) {
      return "\"" + text + "\"";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof Collection || value instanceof Map || value instanceof Record) {
      return value.toString();
    }
    return value.getClass().getSimpleName() + " " + value;
  }
}
