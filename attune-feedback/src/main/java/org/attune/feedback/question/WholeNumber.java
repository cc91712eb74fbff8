package org.attune.feedback.question;

import org.jspecify.annotations.Nullable;

/** Whole numbers as parsers hand them over. */
final class WholeNumber {

  private WholeNumber() {}

  /**
   * The number, whatever its width, or null for anything else: neither 3.0 nor "3" is a whole
   * number, since a reader that took them would hide what the sender got wrong.
   */
  static @Nullable Integer of(@Nullable Object plain) {
    // Parquet and JSON readers may give any integer width.
    if (plain instanceof Integer
        || plain instanceof Long
        || plain instanceof Short
        || plain instanceof Byte) {
      long value = ((Number) plain).longValue();
      return value == (int) value ? (Integer) (int) value : null;
    }
    return null;
  }
}
