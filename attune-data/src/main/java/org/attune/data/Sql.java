package org.attune.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** Names and texts as they are quoted in SQL. */
final class Sql {
  private Sql() {}

  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String names(Collection<String> names) {
    return names.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A file's name as DuckDB's table functions take it, which else expand {@code * ? [} in it. */
  static String file(Path file) {
    return text(file.toString().replaceAll("([*?\\[])", "[$1]"));
  }
}
