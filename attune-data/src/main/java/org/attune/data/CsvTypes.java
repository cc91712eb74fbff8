package org.attune.data;

import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types of a CSV file's columns, which follow from all their cells: integers and numbers as a
 * program writes them, {@code true} and {@code false}, and else text. {@code 007}, {@code +1} and
 * integers beyond 64 bits are text, for as numbers they would not be written so again.
 */
final class CsvTypes {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");

  private enum Type {
    NOTHING("VARCHAR"),
    BOOLEAN("BOOLEAN"),
    INTEGER("BIGINT"),
    NUMBER("DOUBLE"),
    TEXT("VARCHAR");

    private final String sql;

    Type(String sql) {
      this.sql = sql;
    }
  }

  /** Opens the file's characters. */
  interface Opener {
    Reader open() throws IOException;
  }

  private final Type[] types;

  private CsvTypes(int width) {
    types = new Type[width];
    Arrays.fill(types, Type.NOTHING);
  }

  /** Reads the whole file. */
  static CsvTypes of(Path file, int width, Opener opener, char separator) throws IOException {
    CsvTypes types = new CsvTypes(width);
    try (Reader characters = opener.open()) {
      CsvReader csv = new CsvReader(file, characters, separator);
      csv.header();
      List<@Nullable String> record = csv.next();
      while (record != null) {
        for (int i = 0; i < width; i++) {
          types.observe(i, record.get(i));
        }
        record = csv.next();
      }
    }
    return types;
  }

  private void observe(int index, @Nullable String cell) {
    if (cell == null || types[index] == Type.TEXT) {
      return;
    }
    Type known = types[index];
    Type seen = typeOf(cell);
    if (known == Type.NOTHING || known == seen) {
      types[index] = seen;
    } else if ((known == Type.INTEGER && seen == Type.NUMBER)
        || (known == Type.NUMBER && seen == Type.INTEGER)) {
      types[index] = Type.NUMBER;
    } else {
      types[index] = Type.TEXT;
    }
  }

  private static Type typeOf(String cell) {
    if (cell.equals("true") || cell.equals("false")) {
      return Type.BOOLEAN;
    }
    if (cell.length() > 40 || cell.equals("-0")) {
      return Type.TEXT;
    }
    if (INTEGER.matcher(cell).matches()) {
      return new BigInteger(cell).bitLength() < Long.SIZE ? Type.INTEGER : Type.TEXT;
    }
    boolean number = NUMBER.matcher(cell).matches();
    return number && Double.isFinite(Double.parseDouble(cell)) ? Type.NUMBER : Type.TEXT;
  }

  @Nullable Object value(int index, @Nullable String cell) {
    if (cell == null) {
      return null;
    }
    return switch (types[index]) {
      case BOOLEAN -> Boolean.valueOf(cell);
      case INTEGER -> Long.valueOf(cell);
      case NUMBER -> Double.valueOf(cell);
      case NOTHING, TEXT -> cell;
    };
  }

  List<Column> columns(List<String> names) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(new Column(names.get(i), types[i].sql));
    }
    return columns;
  }
}
