package org.attune.feedback.field;

import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Metadata that is a finite number, optionally within bounds (both included). */
public record FloatMetadataProperty(
    String name,
    String title,
    boolean visibleForAnnotators,
    @Nullable Double min,
    @Nullable Double max)
    implements MetadataProperty {

  public FloatMetadataProperty {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    if (min != null && max != null && min >= max) {
      problems.add("min", "must be less than max (" + max + ")", min, "Exchange the two.");
    }
    problems.throwIfAny("the metadata property \"" + name + "\"");
  }

  public static FloatMetadataProperty of(String name) {
    return new FloatMetadataProperty(name, Names.titleOf(name), true, null, null);
  }

  public static FloatMetadataProperty of(String name, double min, double max) {
    return new FloatMetadataProperty(name, Names.titleOf(name), true, min, max);
  }

  @Override
  public String type() {
    return "float";
  }

  @Override
  public void check(Object value, Problems problems) {
    double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
    if (!Double.isFinite(number)
        || (min != null && number < min)
        || (max != null && number > max)) {
      problems.add(
          name,
          "must be a finite number" + Bounds.shown(min, max),
          value,
          "Correct the value, or widen the property.");
    }
  }
}
