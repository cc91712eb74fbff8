package org.attune.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records of comma- or tab-separated values, as RFC 4180 has them: a cell in quotes may hold
 * separators, line ends and doubled quotes; a cell without quotes and content is null.
 */
final class CsvReader {
  private static final int END = -1;

  private final Path file;
  private final BufferedReader in;
  private final char separator;
  private final StringBuilder cell = new StringBuilder();
  private int width;
  // The place of the character read last.
  private long line = 1;
  private long column;
  private long recordLine = 1;
  private boolean lastWasLineEnd;
  private boolean lastWasReturn;

  CsvReader(Path file, Reader in, char separator) {
    this.file = file;
    this.in = in instanceof BufferedReader buffered ? buffered : new BufferedReader(in, 1 << 16);
    this.separator = separator;
  }

  /** The names of the columns: the first record. */
  List<String> header() throws IOException {
    List<@Nullable String> first = record();
    if (first == null) {
      throw DatasetFormatException.in(
          file, "the file has no rows. The first line names the columns; write the file again.");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < first.size(); i++) {
      String name = first.get(i);
      if (name == null || name.isBlank()) {
        throw DatasetFormatException.in(
            file,
            1,
            "column " + (i + 1) + " has no name. The first line names the columns; add it.");
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw DatasetFormatException.in(
            file,
            1,
            "there are two columns \""
                + name
                + "\". Column names are told apart without regard to case; rename one.");
      }
      names.add(name);
    }
    width = names.size();
    return names;
  }

  /** The next record, as wide as the header, or null behind the last. */
  @Nullable List<@Nullable String> next() throws IOException {
    List<@Nullable String> record = record();
    while (record != null && width > 1 && record.size() == 1 && record.get(0) == null) {
      record = record();
    }
    if (record != null && record.size() != width) {
      throw DatasetFormatException.in(
          file,
          recordLine,
          "found "
              + record.size()
              + " columns where the header has "
              + width
              + ". Each record has a value for each column; put values that hold a "
              + (separator == ',' ? "comma" : "tab")
              + " or a line end in double quotes.");
    }
    return record;
  }

  /** The line at which the record read last starts, from 1. */
  long line() {
    return recordLine;
  }

  private @Nullable List<@Nullable String> record() throws IOException {
    int c = read();
    if (c == END) {
      return null;
    }
    recordLine = line;
    List<@Nullable String> cells = new ArrayList<>();
    while (true) {
      boolean quoted = c == '"';
      cell.setLength(0);
      c = quoted ? quotedCell() : plainCell(c);
      cells.add(!quoted && cell.isEmpty() ? null : cell.toString());
      if (c != separator) {
        return cells;
      }
      c = read();
    }
  }

  /** Reads up to the separator or line end, which it returns. */
  private int plainCell(int first) throws IOException {
    int c = first;
    while (c != separator && c != '\n' && c != END) {
      cell.append((char) c);
      c = read();
    }
    return c;
  }

  private int quotedCell() throws IOException {
    long openLine = line;
    long openColumn = column;
    while (true) {
      int c = read();
      if (c == END) {
        throw DatasetFormatException.in(
            file,
            openLine,
            openColumn,
            "a quote is opened here and never closed. A quote inside a quoted value is doubled (\"\");"
                + " close it, or check that the file was copied in full.");
      }
      if (c != '"') {
        if (lastWasReturn) {
          cell.append('\r');
        }
        cell.append((char) c);
        continue;
      }
      c = read();
      if (c == separator || c == '\n' || c == END) {
        return c;
      }
      if (c != '"') {
        throw DatasetFormatException.in(
            file,
            line,
            column,
            "\""
                + (char) c
                + "\" follows a closing quote. A quote inside a quoted value is doubled (\"\"); double"
                + " it.");
      }
      cell.append('"');
    }
  }

  /** The next character; CRLF is one, LF. */
  private int read() throws IOException {
    if (lastWasLineEnd) {
      line++;
      column = 0;
      lastWasLineEnd = false;
    }
    int c = in.read();
    lastWasReturn = false;
    if (c == '\r') {
      in.mark(1);
      if (in.read() == '\n') {
        c = '\n';
        lastWasReturn = true;
      } else {
        in.reset();
      }
    }
    if (!Character.isLowSurrogate((char) c)) {
      column++;
    }
    lastWasLineEnd = c == '\n';
    return c;
  }
}
