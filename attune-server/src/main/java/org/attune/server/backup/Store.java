package org.attune.server.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.attune.data.InvalidInputException;
import org.attune.server.ServerOptions;
import org.attune.server.storage.Schema;
import org.attune.server.storage.StorageException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Where a server keeps everything, seen from outside of it: the server may run meanwhile.
 *
 * @param data its folder
 * @param database its PostgreSQL database, or null if the database is a file of the folder
 */
public record Store(Path data, ServerOptions.@Nullable PostgreSql database) {

  /** The folder of the search index. */
  static final String INDEX = "index";

  private static final String FILE = "attune.db";

  Path file() {
    return data.resolve(FILE);
  }

  /** Whether the server that runs looks after a file of that name by itself. */
  static boolean isOfDatabase(String name) {
    return name.equals(FILE) || name.startsWith(FILE + "-");
  }

  Schema.Dialect dialect() {
    return database == null ? Schema.Dialect.SQLITE : Schema.Dialect.POSTGRESQL;
  }

  /** Refuses a place where no server ever was; opening a file would make it. */
  void requireThere() {
    if (database == null && !Files.isRegularFile(file())) {
      throw new InvalidInputException(
          "%s holds no %s, so there is no server's data. Name its folder with --data, or its PostgreSQL database with --database."
              .formatted(data, FILE));
    }
  }

  /** Connections to the database as it is; nothing is made or brought up to date. */
  DataSource source() {
    Properties settings = new Properties();
    if (database != null) {
      settings.setProperty("reWriteBatchedInserts", "true");
      DriverManagerDataSource shared =
          new DriverManagerDataSource(database.address(), database.user(), database.password());
      shared.setConnectionProperties(settings);
      return shared;
    }
    settings.setProperty("busy_timeout", "15000");
    return new DriverManagerDataSource("jdbc:sqlite:" + file(), settings);
  }

  Schema schema() {
    return Schema.of(source(), dialect());
  }

  /** A connection that sees one state of the database, until it is closed, and changes nothing. */
  Connection snapshot() throws SQLException {
    Connection connection = source().getConnection();
    if (database == null) {
      try (var settings = connection.createStatement()) {
        settings.execute("PRAGMA query_only = 1");
      }
    } else {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
    }
    connection.setAutoCommit(false);
    return connection;
  }

  StorageException failed(String what, SQLException cause) {
    return new StorageException(
        "%s cannot be %s: %s.".formatted(this, what, cause.getMessage()), cause);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return database == null ? "The database " + file() : "The database " + database.address();
  }
}
