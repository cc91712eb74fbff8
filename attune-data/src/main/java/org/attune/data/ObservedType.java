package org.attune.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The narrowest type that holds every value seen so far.
 *
 * <p>Text stays text, whatever it looks like. Integers and other numbers together are {@code
 * DOUBLE}. Any other mixture, an integer beyond 64 bits, an object whose keys differ only in case
 * or number more than {@value #MAX_FIELDS}, and a column that is always null are {@code JSON}: each
 * value is kept as it is.
 */
final class ObservedType {
  private static final int MAX_FIELDS = 200;
  private static final int MAX_COLUMNS = 500;
  private static final int MAX_DEPTH = 32;

  private enum Kind {
    NOTHING,
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT,
    LIST,
    STRUCT,
    MIXED
  }

  private final int depth;
  private Kind kind = Kind.NOTHING;
  private @Nullable ObservedType element;
  private final Map<String, ObservedType> fields = new LinkedHashMap<>();
  // DuckDB finds fields without regard to case.
  private final Map<String, String> spellings = new HashMap<>();

  ObservedType(int depth) {
    this.depth = depth;
  }

  /**
   * Widens this type by the value at the parser's current token, and moves to the value's last
   * token.
   */
  void observe(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case VALUE_NULL -> {}
      case VALUE_TRUE, VALUE_FALSE -> widen(Kind.BOOLEAN);
      case VALUE_STRING -> {
        requireWholeCharacters(parser);
        widen(Kind.TEXT);
      }
      case VALUE_NUMBER_INT ->
          widen(
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? Kind.MIXED
                  : Kind.INTEGER);
      case VALUE_NUMBER_FLOAT -> {
        if (!Double.isFinite(parser.getDoubleValue())) {
          throw new InvalidValueException(
              parser, "the number " + parser.getText() + " is beyond the range of a double");
        }
        widen(Kind.NUMBER);
      }
      case START_ARRAY -> observeList(parser);
      case START_OBJECT -> observeStruct(parser);
      default -> throw new IllegalStateException("not at a value: " + token);
    }
  }

  private void observeList(JsonParser parser) throws IOException {
    widen(depth < MAX_DEPTH ? Kind.LIST : Kind.MIXED);
    ObservedType elements = element == null ? new ObservedType(depth + 1) : element;
    element = elements;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.observe(parser);
    }
  }

  private void observeStruct(JsonParser parser) throws IOException {
    widen(depth < MAX_DEPTH ? Kind.STRUCT : Kind.MIXED);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      field(parser, name).observe(parser);
    }
  }

  private ObservedType field(JsonParser parser, String name) throws IOException {
    ObservedType known = fields.get(name);
    if (known != null) {
      return known;
    }
    String spelling = spellings.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
    boolean tooMany = fields.size() >= MAX_FIELDS && depth > 0;
    if (kind == Kind.MIXED || tooMany || spelling != null || name.isEmpty()) {
      if (depth > 0) {
        widen(Kind.MIXED);
      } else if (spelling != null) {
        throw new InvalidValueException(
            parser,
            "the columns \""
                + spelling
                + "\" and \""
                + name
                + "\" differ only in case. Column names are told apart without regard to case; rename one");
      } else if (name.isEmpty()) {
        throw new InvalidValueException(parser, "a column has an empty name");
      }
      return new ObservedType(depth + 1);
    }
    if (depth == 0 && fields.size() >= MAX_COLUMNS) {
      throw new InvalidValueException(
          parser,
          "there are more than "
              + MAX_COLUMNS
              + " columns; rows under keys of their own must be made an array of rows first");
    }
    ObservedType added = new ObservedType(depth + 1);
    fields.put(name, added);
    return added;
  }

  private void widen(Kind seen) {
    if (kind == Kind.NOTHING || kind == seen) {
      kind = seen;
    } else if ((kind == Kind.INTEGER && seen == Kind.NUMBER)
        || (kind == Kind.NUMBER && seen == Kind.INTEGER)) {
      kind = Kind.NUMBER;
    } else {
      kind = Kind.MIXED;
    }
    if (kind == Kind.MIXED) {
      fields.clear();
      spellings.clear();
      element = null;
    }
  }

  private static void requireWholeCharacters(JsonParser parser) throws IOException {
    char[] text = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int to = from + parser.getTextLength();
    for (int i = from; i < to; i++) {
      if (!Character.isSurrogate(text[i])) {
        continue;
      }
      if (i + 1 < to && Character.isSurrogatePair(text[i], text[i + 1])) {
        i++;
      } else {
        throw new InvalidValueException(
            parser,
            String.format(
                Locale.ROOT, "a text holds half of a character (\\u%04x)", (int) text[i]));
      }
    }
  }

  /** The types of an object's fields in SQL notation, in the order of their first appearance. */
  Map<String, String> sqlOfFields() {
    Map<String, String> types = new LinkedHashMap<>();
    fields.forEach((name, type) -> types.put(name, type.sql()));
    return types;
  }

  /** The type in SQL notation. */
  String sql() {
    return switch (kind) {
      case NOTHING, MIXED -> "JSON";
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "BIGINT";
      case NUMBER -> "DOUBLE";
      case TEXT -> "VARCHAR";
      case LIST -> (element == null ? "JSON" : element.sql()) + "[]";
      case STRUCT ->
          fields.isEmpty()
              ? "JSON"
              : fields.entrySet().stream()
                  .map(field -> Sql.name(field.getKey()) + " " + field.getValue().sql())
                  .collect(Collectors.joining(", ", "STRUCT(", ")"));
    };
  }
}
