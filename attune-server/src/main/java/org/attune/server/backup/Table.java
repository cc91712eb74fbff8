package org.attune.server.backup;

import java.util.List;
import java.util.stream.Collectors;

/** A table of the database: what is in its rows. */
record Table(String name, List<Column> columns) {

  record Column(String name, Kind kind) {}

  String query() {
    return "SELECT " + columnNames() + " FROM " + quoted();
  }

  /** Names of the catalogue, which are no one's input, in the form that keeps them names. */
  String quoted() {
    return quoted(name);
  }

  String columnNames() {
    return columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
