package org.attune.cli.export;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as a person writes it: {@code 500MB}, {@code 2GB}, {@code 1000000}. */
final class ByteSize {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB)?");
  private static final Map<String, Long> UNITS =
      Map.of("B", 1L, "KB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

  private ByteSize() {}

  /**
   * The bytes that a text means.
   *
   * @throws IllegalArgumentException if it means none
   */
  static long parse(String option, String text) {
    Matcher parts = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "%s must be a number of bytes with or without KB, MB or GB, such as 500MB, but was %s."
              .formatted(option, text));
    }
    String unit = parts.group(2);
    return Long.parseLong(parts.group(1)) * UNITS.getOrDefault(unit == null ? "B" : unit, 1L);
  }
}
