package org.attune.run.report;

import java.util.Locale;

/** Numbers as people read them: thin spaces between thousands, a true minus sign. */
public final class Numbers {
  private static final char THIN_SPACE = '\u2009';
  private static final String MINUS = "\u2212";

  private Numbers() {}

  /** {@code 10605} as {@code 10 605}. */
  public static String whole(long number) {
    return spaced(String.format(Locale.ROOT, "%,d", number));
  }

  /**
   * With {@code decimals} places; what is not finite is called {@code not a number} or {@code ∞}.
   */
  public static String decimal(double number, int decimals) {
    if (Double.isNaN(number)) {
      return "not a number";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "\u221e" : MINUS + "\u221e";
    }
    String text = spaced(String.format(Locale.ROOT, "%,." + decimals + "f", number));
    return text.matches("\u2212[0.]*") ? text.substring(1) : text;
  }

  /** As {@link #decimal}, with a plus sign where it is above zero. */
  public static String signed(double number, int decimals) {
    String text = decimal(number, decimals);
    return number > 0 && text.matches(".*[1-9\u221e].*") ? "+" + text : text;
  }

  /** With about four figures that count: {@code 0.0002100} and {@code 12.35}. */
  static String significant(double number) {
    if (number == 0 || !Double.isFinite(number)) {
      return decimal(number, 0);
    }
    int magnitude = (int) Math.floor(Math.log10(Math.abs(number)));
    return decimal(number, Math.min(12, Math.max(0, 3 - magnitude)));
  }

  private static String spaced(String text) {
    return text.replace(',', THIN_SPACE).replace("-", MINUS);
  }
}
