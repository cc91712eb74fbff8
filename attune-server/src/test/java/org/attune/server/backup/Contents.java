package org.attune.server.backup;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All rows of all tables of a store, in a form in which both databases say the same. */
final class Contents {

  private Contents() {}

  static Map<String, List<String>> of(Store store) throws SQLException {
    Map<String, List<String>> tables = new TreeMap<>();
    try (Connection connection = store.source().getConnection()) {
      List<String> names = new ArrayList<>();
      try (ResultSet all =
          connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
        while (all.next()) {
          String name = all.getString("TABLE_NAME");
          boolean ours = !name.startsWith("sqlite_") && !name.startsWith("flyway");
          if (ours && !"pg_catalog".equals(all.getString("TABLE_SCHEM"))) {
            names.add(name);
          }
        }
      }
      for (String name : names) {
        tables.put(name, rows(connection, name));
      }
    }
    return tables;
  }

  private static List<String> rows(Connection connection, String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
      while (row.next()) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          values.put(row.getMetaData().getColumnName(i), plain(row.getObject(i)));
        }
        rows.add(values.toString());
      }
    }
    return rows.stream().sorted().toList();
  }

  private static String plain(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "1" : "0";
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }
}
