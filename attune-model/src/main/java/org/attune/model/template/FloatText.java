package org.attune.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Floats as Python prints them. */
final class FloatText {
  private static final int DIGITS = 17;
  private static final int MAX_PLAIN_EXPONENT = 16;
  private static final int MIN_PLAIN_EXPONENT = -4;

  private FloatText() {}

  /** The shortest decimal number that reads back as the same float. */
  static String repr(double value) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    for (int digits = 1; digits < DIGITS; digits++) {
      BigDecimal candidate = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (candidate.doubleValue() == value) {
        shortest = candidate;
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= MIN_PLAIN_EXPONENT && exponent < MAX_PLAIN_EXPONENT) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    return scientific(shortest.unscaledValue().toString(), exponent, "e");
  }

  static String special(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  /** With a fixed number of decimals: Python's {@code %.2f}. */
  static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    String text = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return isNegative(value) && !text.startsWith("-") ? "-" + text : text;
  }

  /** Python's {@code %.6e}. */
  static String exponential(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    if (value == 0) {
      return (isNegative(value) ? "-" : "") + scientific("0".repeat(decimals + 1), 0, "e");
    }
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(decimals + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    String digits = rounded.unscaledValue().abs().toString();
    String padded = digits + "0".repeat(Math.max(0, decimals + 1 - digits.length()));
    return (value < 0 ? "-" : "") + scientific(padded, exponent, "e");
  }

  /** Python's {@code %g}. */
  static String general(double value, int precision) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    int digits = Math.max(precision, 1);
    if (value == 0) {
      return isNegative(value) ? "-0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new MathContext(digits, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= MIN_PLAIN_EXPONENT && exponent < digits) {
      return rounded.toPlainString();
    }
    return scientific(rounded.unscaledValue().toString(), exponent, "e");
  }

  private static boolean isNegative(double value) {
    return value < 0 || (value == 0 && 1 / value < 0);
  }

  private static String scientific(String unscaled, int exponent, String mark) {
    boolean isNegative = unscaled.startsWith("-");
    String digits = isNegative ? unscaled.substring(1) : unscaled;
    return (isNegative ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + mark
        + (exponent < 0 ? "-" : "+")
        + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
  }
}
