package org.attune.feedback.field;

import org.jspecify.annotations.Nullable;

/** Words for the bounds of a numeric property. */
final class Bounds {

  private Bounds() {}

  static String shown(@Nullable Number min, @Nullable Number max) {
    if (min != null && max != null) {
      return " from " + min + " to " + max;
    }
    if (min != null) {
      return " of at least " + min;
    }
    return max != null ? " of at most " + max : "";
  }
}
