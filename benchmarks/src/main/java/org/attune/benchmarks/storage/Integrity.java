package org.attune.benchmarks.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Whether a store's file is whole. */
final class Integrity {
  /** All rows of each table, then the same number by each further index. */
  private static final List<String> H2_READS =
      List.of(
          "SELECT COUNT(fields) + COUNT(metadata) * 0 + SUM(LENGTH(fields)) * 0 FROM records",
          "SELECT COUNT(x) FROM (SELECT id x FROM records ORDER BY id)",
          "SELECT COUNT(x) FROM (SELECT status x FROM records WHERE dataset_key = 1)",
          "SELECT SUM(LENGTH(answers)) * 0 + COUNT(answers) FROM responses",
          "SELECT COUNT(x) FROM (SELECT record_key x FROM responses WHERE user_key >= 0)",
          "SELECT SUM(LENGTH(answers)) FROM response_revisions",
          "SELECT SUM(LENGTH(answer)) FROM suggestions",
          "SELECT SUM(LENGTH(components)) FROM vectors");

  private Integrity() {}

  /** Problems that the database itself reports; H2 has no check, so everything is read. */
  static List<String> problems(Candidate candidate, Connection connection) throws SQLException {
    return candidate.isSqlite() ? sqlite(connection) : h2(connection);
  }

  private static List<String> sqlite(Connection connection) throws SQLException {
    List<String> problems = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String check : List.of("PRAGMA integrity_check", "PRAGMA foreign_key_check")) {
        try (ResultSet rows = statement.executeQuery(check)) {
          while (rows.next()) {
            if (!rows.getString(1).equals("ok")) {
              problems.add(check + ": " + rows.getString(1));
            }
          }
        }
      }
    }
    return problems;
  }

  private static List<String> h2(Connection connection) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    for (String read : H2_READS) {
      numbers.add(Statements.number(connection, read));
    }
    boolean same =
        numbers.get(0).equals(numbers.get(1))
            && numbers.get(0).equals(numbers.get(2))
            && numbers.get(3).equals(numbers.get(4));
    return same ? List.of() : List.of("tables and indexes disagree: " + numbers);
  }
}
