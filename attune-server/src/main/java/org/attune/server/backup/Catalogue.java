package org.attune.server.backup;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.attune.server.storage.Schema;
import org.jspecify.annotations.Nullable;

/** What a database says about itself: its tables, and the counters behind their keys. */
final class Catalogue {

  private final Connection connection;
  private final boolean isFile;

  Catalogue(Connection connection, Schema.Dialect dialect) {
    this.connection = connection;
    this.isFile = dialect == Schema.Dialect.SQLITE;
  }

  /** All tables, each after those that it refers to. */
  List<Table> tables() throws SQLException {
    TreeMap<String, Set<String>> parents = new TreeMap<>();
    for (String name : names()) {
      parents.put(name, parents(name));
    }
    LinkedHashSet<String> order = new LinkedHashSet<>();
    while (order.size() < parents.size()) {
      int before = order.size();
      parents.forEach(
          (name, needed) -> {
            if (order.containsAll(needed)) {
              order.add(name);
            }
          });
      if (order.size() == before) {
        throw new SQLException("the tables refer to each other in a circle: " + parents);
      }
    }
    List<Table> tables = new ArrayList<>();
    for (String name : order) {
      tables.add(new Table(name, columns(name)));
    }
    return tables;
  }

  private Set<String> names() throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet tables = about().getTables(null, schema(), "%", new String[] {"TABLE"})) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        if (!name.startsWith("sqlite_") && !name.equals(Schema.HISTORY)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private Set<String> parents(String table) throws SQLException {
    Set<String> parents = new TreeSet<>();
    try (ResultSet keys = about().getImportedKeys(null, schema(), table)) {
      while (keys.next()) {
        parents.add(keys.getString("PKTABLE_NAME"));
      }
    }
    parents.remove(table);
    return parents;
  }

  private List<Table.Column> columns(String table) throws SQLException {
    List<Table.Column> columns = new ArrayList<>();
    try (ResultSet all = about().getColumns(null, schema(), table, "%")) {
      while (all.next()) {
        if (!table.equals(all.getString("TABLE_NAME"))) {
          continue; // the name was read as a pattern
        }
        String name = all.getString("COLUMN_NAME");
        String type = all.getString("TYPE_NAME");
        Kind kind =
            Kind.of(type)
                .orElseThrow(
                    () ->
                        new SQLException(
                            "the column %s of %s is of the type %s, of which no backup is made"
                                .formatted(name, table, type)));
        columns.add(new Table.Column(name, kind));
      }
    }
    return columns;
  }

  /** The last number that a table's counting key gave away; none if it has no such key. */
  Optional<Long> counter(Table table) throws SQLException {
    if (isFile) {
      return number("SELECT seq FROM sqlite_sequence WHERE name = ?", table.name());
    }
    Optional<String> sequence = sequence(table);
    return sequence.isEmpty()
        ? Optional.empty()
        : number("SELECT last_value FROM " + sequence.get() + " WHERE is_called", null);
  }

  /** Has the counting key of a table go on after a number. */
  void setCounter(Table table, long last) throws SQLException {
    if (isFile) {
      change("DELETE FROM sqlite_sequence WHERE name = ?", table.name());
      change("INSERT INTO sqlite_sequence (seq, name) VALUES (" + last + ", ?)", table.name());
      return;
    }
    Optional<String> sequence = sequence(table);
    if (sequence.isPresent()) {
      number("SELECT setval(?::regclass, " + last + ")", sequence.get());
    }
  }

  private Optional<String> sequence(Table table) throws SQLException {
    for (Table.Column column : table.columns()) {
      try (var query = connection.prepareStatement("SELECT pg_get_serial_sequence(?, ?)")) {
        query.setString(1, table.quoted());
        query.setString(2, column.name());
        try (ResultSet found = query.executeQuery()) {
          if (found.next() && found.getString(1) != null) {
            return Optional.of(found.getString(1));
          }
        }
      }
    }
    return Optional.empty();
  }

  long count(Table table) throws SQLException {
    return number("SELECT COUNT(*) FROM " + table.quoted(), null).orElse(0L);
  }

  private Optional<Long> number(String statement, @Nullable String parameter) throws SQLException {
    try (var query = connection.prepareStatement(statement)) {
      if (parameter != null) {
        query.setString(1, parameter);
      }
      try (ResultSet found = query.executeQuery()) {
        return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
      }
    }
  }

  private void change(String statement, String parameter) throws SQLException {
    try (var update = connection.prepareStatement(statement)) {
      update.setString(1, parameter);
      update.executeUpdate();
    }
  }

  private DatabaseMetaData about() throws SQLException {
    return connection.getMetaData();
  }

  private @Nullable String schema() throws SQLException {
    return isFile ? null : connection.getSchema();
  }
}
