package org.attune.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that make numbers. */
final class NumberFilters {
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:(?:\\d+(?:_\\d+)*)(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");
  private static final int MAX_DIGITS = 4_300;

  static final Map<String, Filters.Filter> ALL =
      Map.of(
          "abs", (v, a, r) -> abs(v),
          "float", (v, a, r) -> toFloat(v, a),
          "int", (v, a, r) -> toInteger(v, a),
          "round", (v, a, r) -> round(v, a));

  private NumberFilters() {}

  private static Object abs(Object value) {
    if (value instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (value instanceof Double real) {
      return Math.abs(real);
    }
    if (!Numbers.isInteger(value)) {
      throw Failure.of("abs needs a number but got %s.", Kind.described(value));
    }
    return Numbers.of(Numbers.big(value).abs());
  }

  private static Object toFloat(Object value, CallArguments arguments) {
    Object otherwise = arguments.bind("float", "default?").get(0, 0.0);
    refuseUndefined(value);
    Double real = real(value);
    return real == null ? otherwise : real;
  }

  /** Python's {@code int(undefined)} fails in a way that the filters do not catch. */
  private static void refuseUndefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
  }

  private static @Nullable Double real(Object value) {
    if (value instanceof Double real) {
      return real;
    }
    if (Numbers.isInteger(value)) {
      return Numbers.real(value);
    }
    if (!(value instanceof String text)) {
      return null;
    }
    String number = Spaces.stripStart(Spaces.stripEnd(text));
    if (FLOAT.matcher(number).matches()) {
      return Double.valueOf(number.replace("_", ""));
    }
    return switch (Case.lower(number)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan", "+nan", "-nan" -> Double.NaN;
      default -> null;
    };
  }

  private static Object toInteger(Object value, CallArguments arguments) {
    CallArguments.Bound bound = arguments.bind("int", "default?", "base?");
    Object otherwise = bound.get(0, 0L);
    refuseUndefined(value);
    if (Numbers.isInteger(value)) {
      return Numbers.of(Numbers.big(value));
    }
    if (value instanceof String text) {
      BigInteger whole = integer(text, (int) bound.whole(1, 10));
      if (whole != null) {
        return Numbers.of(whole);
      }
    }
    Double real = real(value);
    return real == null || !Double.isFinite(real)
        ? otherwise
        : Numbers.of(new BigDecimal(real).toBigInteger());
  }

  private static @Nullable BigInteger integer(String text, int base) {
    String digits = Case.lower(Spaces.stripStart(Spaces.stripEnd(text)));
    boolean isNegative = digits.startsWith("-");
    if (isNegative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = base;
    for (Map.Entry<String, Integer> prefix : Map.of("0x", 16, "0o", 8, "0b", 2).entrySet()) {
      boolean applies = base == 0 || base == prefix.getValue();
      if (applies && digits.startsWith(prefix.getKey())) {
        radix = prefix.getValue();
        digits = digits.substring(2);
        digits = digits.startsWith("_") ? digits.substring(1) : digits;
      }
    }
    radix = radix == 0 ? 10 : radix;
    if (radix < Character.MIN_RADIX
        || radix > Character.MAX_RADIX
        || digits.length() > MAX_DIGITS
        || !Pattern.matches("[0-9a-z]+(?:_[0-9a-z]+)*", digits)) {
      return null;
    }
    try {
      BigInteger whole = new BigInteger(digits.replace("_", ""), radix);
      return isNegative ? whole.negate() : whole;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Object round(Object value, CallArguments arguments) {
    CallArguments.Bound bound = arguments.bind("round", "precision?", "method?");
    long precision = bound.whole(0, 0);
    String method = Text.required(bound.get(1, "common"), "round");
    refuseUndefined(value);
    if (!Numbers.isNumber(value) || Math.abs(precision) > 300) {
      throw Failure.of("round needs a number but got %s.", Kind.described(value));
    }
    if (method.equals("common")) {
      return common(value, (int) precision);
    }
    double scale = Math.pow(10, (double) precision);
    double scaled = Numbers.real(value) * scale;
    if (!Double.isFinite(scaled)) {
      throw new Failure("round needs a finite number.");
    }
    return switch (method) {
      case "ceil" -> Math.ceil(scaled) / scale;
      case "floor" -> Math.floor(scaled) / scale;
      default ->
          throw Failure.of("round knows common, ceil and floor but was given \"%s\".", method);
    };
  }

  private static Object common(Object value, int precision) {
    if (Numbers.isInteger(value)) {
      BigDecimal exact = new BigDecimal(Numbers.big(value));
      return precision >= 0
          ? Numbers.of(Numbers.big(value))
          : Numbers.of(exact.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
    }
    double real = Numbers.real(value);
    if (!Double.isFinite(real)) {
      return real;
    }
    double rounded = new BigDecimal(real).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
    return Math.copySign(rounded, real);
  }
}
