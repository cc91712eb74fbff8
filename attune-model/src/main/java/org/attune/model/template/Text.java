package org.attune.model.template;

import java.util.List;
import java.util.Locale;

/** Values as text: {@code str()} and {@code repr()} of Python. */
final class Text {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_LENGTH = 20_000_000;

  private Text() {}

  static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof SafeText safe) {
      return safe.text();
    }
    if (value instanceof Undefined) {
      return "";
    }
    return repr(value);
  }

  /** The value itself, which must be text. */
  static String required(Object value, String where) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof SafeText safe) {
      return safe.text();
    }
    throw Failure.of("%s needs a string but got %s.", where, Kind.described(value));
  }

  static String repr(Object value) {
    StringBuilder text = new StringBuilder();
    repr(value, text, 0);
    return text.toString();
  }

  private static void repr(Object value, StringBuilder text, int depth) {
    if (depth > MAX_DEPTH) {
      throw Failure.of("a value nested more than %d levels deep cannot be printed.", MAX_DEPTH);
    }
    if (text.length() > MAX_LENGTH) {
      throw Failure.of("a value is longer than %,d characters as text.", MAX_LENGTH);
    }
    if (value instanceof String string) {
      quote(string, text);
    } else if (value instanceof Boolean flag) {
      text.append(flag ? "True" : "False");
    } else if (value == None.NONE) {
      text.append("None");
    } else if (value instanceof Double real) {
      text.append(FloatText.repr(real));
    } else if (value instanceof Number) {
      text.append(value);
    } else if (value instanceof Range range) {
      text.append(range.repr());
    } else if (value instanceof List<?> list) {
      sequence(list, "[", "]", text, depth);
    } else if (value instanceof Tuple tuple) {
      sequence(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", text, depth);
    } else if (value instanceof View view) {
      sequence(view.items(), view.name() + "([", "])", text, depth);
    } else if (value instanceof Dictionary dictionary) {
      dictionary(dictionary, text, depth);
    } else if (value instanceof Undefined) {
      text.append("Undefined");
    } else if (value instanceof Macro macro) {
      text.append("<Macro '").append(macro.name()).append("'>");
    } else {
      throw Failure.of("%s cannot be printed. Use the filter list or join.", Kind.described(value));
    }
  }

  private static void sequence(
      List<?> items, String begin, String end, StringBuilder text, int depth) {
    text.append(begin);
    String separator = "";
    for (Object item : items) {
      text.append(separator);
      repr(item, text, depth + 1);
      separator = ", ";
    }
    text.append(end);
  }

  private static void dictionary(Dictionary dictionary, StringBuilder text, int depth) {
    text.append('{');
    String separator = "";
    for (Dictionary.Entry entry : dictionary.entries()) {
      text.append(separator);
      repr(entry.key(), text, depth + 1);
      text.append(": ");
      repr(entry.value(), text, depth + 1);
      separator = ", ";
    }
    text.append('}');
  }

  private static void quote(String string, StringBuilder text) {
    char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
    text.append(quote);
    string
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> {
                  if (c == quote) {
                    text.append('\\').append(quote);
                  } else if (isPrintable(c)) {
                    text.appendCodePoint(c);
                  } else {
                    text.append(escape(c));
                  }
                }
              }
            });
    text.append(quote);
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  private static String escape(int c) {
    String form = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
    return String.format(Locale.ROOT, form, c);
  }
}
