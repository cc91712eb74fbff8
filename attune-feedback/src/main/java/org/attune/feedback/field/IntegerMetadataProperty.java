package org.attune.feedback.field;

import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Metadata that is a whole number, optionally within bounds (both included). */
public record IntegerMetadataProperty(
    String name, String title, boolean visibleForAnnotators, @Nullable Long min, @Nullable Long max)
    implements MetadataProperty {

  public IntegerMetadataProperty {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    if (min != null && max != null && min >= max) {
      problems.add("min", "must be less than max (" + max + ")", min, "Exchange the two.");
    }
    problems.throwIfAny("the metadata property \"" + name + "\"");
  }

  public static IntegerMetadataProperty of(String name) {
    return new IntegerMetadataProperty(name, Names.titleOf(name), true, null, null);
  }

  public static IntegerMetadataProperty of(String name, long min, long max) {
    return new IntegerMetadataProperty(name, Names.titleOf(name), true, min, max);
  }

  @Override
  public String type() {
    return "integer";
  }

  @Override
  public void check(Object value, Problems problems) {
    boolean whole = value instanceof Integer || value instanceof Long;
    long number = whole ? ((Number) value).longValue() : 0;
    if (!whole || (min != null && number < min) || (max != null && number > max)) {
      problems.add(
          name,
          "must be a whole number" + Bounds.shown(min, max),
          value,
          "Correct the value, or widen the property.");
    }
  }
}
