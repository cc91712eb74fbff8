package org.attune.model.template;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values put into a string: {@code "%s" % value} and {@code "{}".format(value)}. */
final class Format {
  private static final Pattern PERCENT =
      Pattern.compile(
          "%(?:\\((?<key>[^)]*)\\))?(?<flags>[-+ 0#]*)(?<width>\\d{0,6})(?:\\.(?<precision>\\d{0,4}))?(?<kind>.?)",
          Pattern.DOTALL);
  private static final Pattern SPECIFICATION =
      Pattern.compile(
          "(?:(?<fill>.)?(?<align>[<>^]))?(?<sign>[-+ ]?)(?<zero>0?)(?<width>\\d{0,6})(?<comma>,?)(?:\\.(?<precision>\\d{1,4}))?(?<kind>[sdfFeEgGxXob%]?)",
          Pattern.DOTALL);
  private static final int DECIMALS = 6;

  private Format() {}

  static String percent(String form, Object value, Budget budget) {
    List<Object> positional = value instanceof Tuple tuple ? tuple.items() : List.of(value);
    Iterator<Object> rest = positional.iterator();
    boolean usedKeys = false;
    Matcher hole = PERCENT.matcher(form);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    while (hole.find(copied)) {
      text.append(form, copied, hole.start());
      copied = hole.end();
      String kind = hole.group("kind");
      if (kind.equals("%")) {
        text.append('%');
      } else if (hole.group("key") != null) {
        usedKeys = true;
        text.append(percentValue(hole, kind, keyed(value, hole.group("key"))));
      } else if (rest.hasNext()) {
        text.append(percentValue(hole, kind, rest.next()));
      } else {
        throw new Failure("the format string has more places than there are values.");
      }
      budget.length(text.length());
    }
    boolean mayBeLeft =
        usedKeys
            || value instanceof Dictionary
            || value instanceof List
            || value instanceof Undefined;
    if (rest.hasNext() && !mayBeLeft) {
      throw new Failure("the format string has fewer places than there are values.");
    }
    return text.append(form, copied, form.length()).toString();
  }

  private static Object keyed(Object value, String key) {
    Object found = value instanceof Dictionary dictionary ? dictionary.get(key) : null;
    if (found == null) {
      throw Failure.of("the format string asks for \"%s\", which is not there.", key);
    }
    return found;
  }

  private static String percentValue(Matcher hole, String kind, Object value) {
    String flags = hole.group("flags");
    if (flags.contains("#")) {
      throw new Failure("the flag # of a format string is not supported.");
    }
    String precision = hole.group("precision");
    int digits = precision == null ? -1 : precision.isEmpty() ? 0 : Integer.parseInt(precision);
    String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    String body =
        switch (kind) {
          case "s" -> cut(Text.of(value), digits);
          case "r" -> cut(Text.repr(value), digits);
          case "d", "i", "u" -> signed(whole(value), sign);
          case "f", "F" ->
              signed(FloatText.fixed(real(value), digits < 0 ? DECIMALS : digits), sign);
          case "e" ->
              signed(FloatText.exponential(real(value), digits < 0 ? DECIMALS : digits), sign);
          case "g" -> signed(FloatText.general(real(value), digits < 0 ? DECIMALS : digits), sign);
          case "x" -> signed(inBase(value, 16), sign);
          case "X" -> signed(inBase(value, 16).toUpperCase(Locale.ROOT), sign);
          case "o" -> signed(inBase(value, 8), sign);
          default -> throw Failure.of("the format %%%s is not supported.", kind);
        };
    boolean isNumber = !kind.equals("s") && !kind.equals("r");
    if (isNumber && digits >= 0 && "diuxXo".contains(kind)) {
      throw new Failure("a precision for integers is not supported.");
    }
    String width = hole.group("width");
    int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - length(body);
    if (missing <= 0) {
      return body;
    }
    if (flags.contains("-")) {
      return body + " ".repeat(missing);
    }
    return flags.contains("0") && isNumber ? zeros(body, missing) : " ".repeat(missing) + body;
  }

  /** {@code "{} {0} {name}".format(…)}. */
  static String braces(String form, CallArguments arguments, Budget budget) {
    StringBuilder text = new StringBuilder();
    int automatic = 0;
    int at = 0;
    while (at < form.length()) {
      char c = form.charAt(at);
      if ((c == '{' || c == '}') && form.startsWith(String.valueOf(c), at + 1)) {
        text.append(c);
        at += 2;
      } else if (c == '{') {
        int end = form.indexOf('}', at);
        if (end < 0 || form.substring(at + 1, end).indexOf('{') >= 0) {
          throw new Failure("a place of a format string is not closed, or nested.");
        }
        String field = form.substring(at + 1, end);
        text.append(field(field, automatic, arguments, budget));
        automatic += takesNext(field) ? 1 : 0;
        at = end + 1;
      } else if (c == '}') {
        throw new Failure("a } in a format string closes nothing; write }}.");
      } else {
        text.append(c);
        at++;
      }
      budget.length(text.length());
    }
    return text.toString();
  }

  private static boolean takesNext(String field) {
    return field.isEmpty() || "!:.[".indexOf(field.charAt(0)) >= 0;
  }

  private static String field(String field, int automatic, CallArguments arguments, Budget budget) {
    int colon = field.indexOf(':');
    String specification = colon < 0 ? "" : field.substring(colon + 1);
    String reference = colon < 0 ? field : field.substring(0, colon);
    int exclamation = reference.indexOf('!');
    String conversion = exclamation < 0 ? "" : reference.substring(exclamation + 1);
    String path = exclamation < 0 ? reference : reference.substring(0, exclamation);
    Object value = resolved(path, automatic, arguments, budget);
    Object converted =
        switch (conversion) {
          case "" -> value;
          case "s" -> Text.of(value);
          case "r" -> Text.repr(value);
          default -> throw Failure.of("the conversion !%s is not supported.", conversion);
        };
    return specified(converted, specification);
  }

  private static Object resolved(
      String path, int automatic, CallArguments arguments, Budget budget) {
    String[] steps = path.split("(?=[.\\[])", -1);
    String first = steps[0];
    Object value;
    if (first.isEmpty() || first.startsWith(".") || first.startsWith("[")) {
      value = positional(automatic, arguments);
    } else if (first.chars().allMatch(Character::isDigit)) {
      value = positional(Integer.parseInt(first), arguments);
    } else {
      Object named = arguments.named().get(first);
      if (named == null) {
        throw Failure.of("the format string asks for \"%s\", which is not given.", first);
      }
      value = named;
    }
    boolean firstIsValue = !first.isEmpty() && ".[".indexOf(first.charAt(0)) < 0;
    for (int i = firstIsValue || first.isEmpty() ? 1 : 0; i < steps.length; i++) {
      String step = steps[i];
      if (step.startsWith(".")) {
        value = Attributes.attribute(value, step.substring(1), budget);
      } else if (step.endsWith("]")) {
        String index = step.substring(1, step.length() - 1);
        boolean isNumber = !index.isEmpty() && index.chars().allMatch(Character::isDigit);
        value = Attributes.item(value, isNumber ? (Object) Long.valueOf(index) : index, budget);
      } else {
        throw Failure.of("the format field \"%s\" is not supported.", path);
      }
    }
    return value;
  }

  private static Object positional(int place, CallArguments arguments) {
    if (place >= arguments.positional().size()) {
      throw new Failure("the format string has more places than there are values.");
    }
    return arguments.positional().get(place);
  }

  private static String specified(Object value, String specification) {
    if (specification.isEmpty()) {
      return Text.of(value);
    }
    Matcher parts = SPECIFICATION.matcher(specification);
    boolean isFormattable = value instanceof String || Numbers.isNumber(value);
    if (!parts.matches() || !isFormattable) {
      throw Failure.of(
          "the format \"%s\" of %s is not supported.", specification, Kind.described(value));
    }
    boolean isText = value instanceof String;
    String kind = parts.group("kind");
    String precision = parts.group("precision");
    int digits = precision == null ? -1 : Integer.parseInt(precision);
    String body = isText ? text(value, kind, digits) : number(value, kind, digits, parts);
    String width = parts.group("width");
    int missing = width.isEmpty() ? 0 : Integer.parseInt(width) - length(body);
    if (missing <= 0) {
      return body;
    }
    String align = parts.group("align");
    boolean zero = !parts.group("zero").isEmpty();
    if (align == null && zero && !isText) {
      return zeros(body, missing);
    }
    String given = parts.group("fill");
    String fill = given == null ? zero ? "0" : " " : given;
    return switch (align == null ? (isText ? "<" : ">") : align) {
      case "<" -> body + fill.repeat(missing);
      case "^" -> fill.repeat(missing / 2) + body + fill.repeat(missing - missing / 2);
      default -> fill.repeat(missing) + body;
    };
  }

  private static String text(Object value, String kind, int digits) {
    if (!kind.isEmpty() && !kind.equals("s")) {
      throw Failure.of("the format %s needs a number.", kind);
    }
    return cut(Text.of(value), digits);
  }

  private static String number(Object value, String kind, int digits, Matcher parts) {
    boolean isWhole = Numbers.isInteger(value);
    int decimals = digits < 0 ? DECIMALS : digits;
    String body =
        switch (kind) {
          case "d" -> {
            if (!isWhole) {
              throw new Failure("the format d needs an integer.");
            }
            yield Numbers.big(value).toString();
          }
          case "f", "F" -> FloatText.fixed(Numbers.real(value), decimals);
          case "e" -> FloatText.exponential(Numbers.real(value), decimals);
          case "g" -> FloatText.general(Numbers.real(value), decimals);
          case "%" -> FloatText.fixed(Numbers.real(value) * 100, decimals) + "%";
          case "x" -> inBase(value, 16);
          case "X" -> inBase(value, 16).toUpperCase(Locale.ROOT);
          case "o" -> inBase(value, 8);
          case "b" -> inBase(value, 2);
          case "" -> {
            if (digits >= 0 || value instanceof Boolean) {
              throw new Failure("a format of a number needs a letter, such as f or d.");
            }
            yield Text.of(value);
          }
          default -> throw Failure.of("the format %s is not supported.", kind);
        };
    String sign = parts.group("sign");
    return signed(
        parts.group("comma").isEmpty() ? body : grouped(body), sign.equals("-") ? "" : sign);
  }

  private static String grouped(String digits) {
    int start = digits.startsWith("-") ? 1 : 0;
    int end = start;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder text = new StringBuilder(digits);
    for (int at = end - 3; at > start; at -= 3) {
      text.insert(at, ',');
    }
    return text.toString();
  }

  private static String cut(String text, int length) {
    return length < 0 || length(text) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String signed(String number, String sign) {
    return number.startsWith("-") ? number : sign + number;
  }

  private static String zeros(String number, int missing) {
    int sign = number.startsWith("-") || number.startsWith("+") || number.startsWith(" ") ? 1 : 0;
    return number.substring(0, sign) + "0".repeat(missing) + number.substring(sign);
  }

  private static String whole(Object value) {
    if (value instanceof Double real && Double.isFinite(real)) {
      return new BigDecimal(real).toBigInteger().toString();
    }
    if (!Numbers.isInteger(value)) {
      throw Failure.of("a format of a number was given %s.", Kind.described(value));
    }
    return Numbers.big(value).toString();
  }

  private static double real(Object value) {
    if (!Numbers.isNumber(value)) {
      throw Failure.of("a format of a number was given %s.", Kind.described(value));
    }
    return Numbers.real(value);
  }

  private static String inBase(Object value, int radix) {
    if (!Numbers.isInteger(value)) {
      throw Failure.of("a format of an integer was given %s.", Kind.described(value));
    }
    return Numbers.big(value).toString(radix);
  }
}
