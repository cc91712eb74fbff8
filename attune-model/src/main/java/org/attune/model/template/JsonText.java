package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as JSON, byte for byte as Python's {@code json.dumps} writes them. */
final class JsonText {
  private static final int MAX_DEPTH = 200;

  private final StringBuilder text = new StringBuilder();
  private final boolean onlyAscii;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final Budget budget;

  private JsonText(
      boolean onlyAscii,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean sorted,
      Budget budget) {
    this.onlyAscii = onlyAscii;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.sorted = sorted;
    this.budget = budget;
  }

  /** The filter {@code tojson} with the parameters that transformers gives it. */
  static String of(Object value, CallArguments arguments, Budget budget) {
    CallArguments.Bound bound =
        arguments.bind("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?");
    String indent = indent(bound.get(1, None.NONE), budget);
    String itemSeparator = indent == null ? ", " : ",";
    String keySeparator = ": ";
    if (bound.get(2, None.NONE) != None.NONE) {
      List<Object> separators = Items.list(bound.get(2), budget);
      if (separators.size() != 2) {
        throw new Failure("tojson needs two separators, such as (\",\", \":\").");
      }
      itemSeparator = Text.required(separators.get(0), "tojson");
      keySeparator = Text.required(separators.get(1), "tojson");
    }
    JsonText json =
        new JsonText(
            bound.flag(0, false),
            indent,
            itemSeparator,
            keySeparator,
            bound.flag(3, false),
            budget);
    json.write(value, 0);
    budget.size(json.text.length());
    return json.text.toString();
  }

  private static @Nullable String indent(Object given, Budget budget) {
    if (given == None.NONE) {
      return null;
    }
    if (given instanceof String spaces) {
      return spaces;
    }
    long width = Math.max(0, Numbers.whole(given, "the indent of tojson"));
    budget.size(width);
    return " ".repeat((int) width);
  }

  private void write(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw Failure.of("tojson: the value is nested more than %d levels deep.", MAX_DEPTH);
    }
    budget.spend(1);
    if (value instanceof String || value instanceof SafeText) {
      quote(Text.of(value));
    } else if (value instanceof Boolean flag) {
      text.append(flag ? "true" : "false");
    } else if (value == None.NONE) {
      text.append("null");
    } else if (value instanceof Double real) {
      text.append(number(real));
    } else if (value instanceof Number) {
      text.append(value);
    } else if (value instanceof List<?> list && !(value instanceof Range)) {
      array(list, depth);
    } else if (value instanceof Tuple tuple) {
      array(tuple.items(), depth);
    } else if (value instanceof Dictionary dictionary) {
      object(dictionary, depth);
    } else {
      throw Failure.of("tojson: %s is no JSON.", Kind.described(value));
    }
    budget.length(text.length());
  }

  private static String number(double real) {
    if (Double.isNaN(real)) {
      return "NaN";
    }
    return Double.isInfinite(real) ? (real > 0 ? "Infinity" : "-Infinity") : FloatText.repr(real);
  }

  private void array(List<?> items, int depth) {
    if (items.isEmpty()) {
      text.append("[]");
      return;
    }
    text.append('[');
    for (int i = 0; i < items.size(); i++) {
      separate(i, depth);
      write(items.get(i), depth + 1);
    }
    newLine(depth);
    text.append(']');
  }

  private void object(Dictionary dictionary, int depth) {
    if (dictionary.size() == 0) {
      text.append("{}");
      return;
    }
    List<Dictionary.Entry> entries = new ArrayList<>();
    dictionary.entries().forEach(entries::add);
    if (sorted) {
      entries.sort((a, b) -> Equality.compare(a.key(), b.key()));
    }
    text.append('{');
    for (int i = 0; i < entries.size(); i++) {
      separate(i, depth);
      quote(key(entries.get(i).key()));
      text.append(keySeparator);
      write(entries.get(i).value(), depth + 1);
    }
    newLine(depth);
    text.append('}');
  }

  private static String key(Object key) {
    if (key instanceof String text) {
      return text;
    }
    if (key instanceof Boolean flag) {
      return flag ? "true" : "false";
    }
    if (key == None.NONE) {
      return "null";
    }
    if (key instanceof Double real) {
      return number(real);
    }
    if (key instanceof Number) {
      return key.toString();
    }
    throw Failure.of("tojson: %s cannot be the key of a JSON object.", Kind.described(key));
  }

  private void separate(int index, int depth) {
    if (index > 0) {
      text.append(itemSeparator);
    }
    newLine(depth + 1);
  }

  private void newLine(int depth) {
    if (indent != null) {
      text.append('\n').append(indent.repeat(depth));
    }
  }

  private void quote(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\f' -> text.append("\\f");
        case '\b' -> text.append("\\b");
        default -> {
          if (c < 0x20 || (onlyAscii && c > 0x7e)) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
