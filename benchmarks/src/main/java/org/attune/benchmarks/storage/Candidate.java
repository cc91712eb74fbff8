package org.attune.benchmarks.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A database and the settings under which it would serve. */
enum Candidate {
  /** H2, which writes at each commit but leaves the write in the operating system's cache. */
  H2,
  /** H2, made to force its file to the disk after each commit. */
  H2_SYNCED,
  /**
   * SQLite with a write-ahead log that is forced to the disk at each commit; commits are shared.
   */
  SQLITE,
  /** The same with a commit for each write, to see what sharing gains. */
  SQLITE_UNSHARED;

  /** As many as a connection pool of the server would hold. */
  private static final int H2_WRITERS = 16;

  static Candidate of(String label) {
    return Arrays.stream(values())
        .filter(candidate -> candidate.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no candidate %s. There are: %s."
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Candidate::label)
                                .collect(Collectors.joining(", ")))));
  }

  boolean isSqlite() {
    return this == SQLITE || this == SQLITE_UNSHARED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where writers connect. */
  String url(Path folder) {
    return switch (this) {
      case H2, H2_SYNCED ->
          "jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
      case SQLITE, SQLITE_UNSHARED ->
          "jdbc:sqlite:"
              + folder.resolve("store.db")
              + "?journal_mode=WAL&synchronous=FULL&foreign_keys=ON&busy_timeout=15000"
              + "&transaction_mode=IMMEDIATE&cache_size=-65536&journal_size_limit=67108864";
    };
  }

  Connection connect(Path folder) throws SQLException {
    return DriverManager.getConnection(url(folder));
  }

  /** A connection whose transactions hold nobody up. */
  Connection reader(Path folder) throws SQLException {
    // a transaction that begins IMMEDIATE takes SQLite's one write lock, even if it only reads
    return DriverManager.getConnection(url(folder).replace("=IMMEDIATE", "=DEFERRED"));
  }

  /** The way of writing that suits the database best. */
  Writes writes(Path folder) throws SQLException {
    return switch (this) {
      case H2, H2_SYNCED -> new PooledWrites(this, folder, H2_WRITERS);
      case SQLITE -> new GroupedWrites(this, folder);
      case SQLITE_UNSHARED -> new PooledWrites(this, folder, 1);
    };
  }

  /** Commits, and returns when the database promises that the commit lasts. */
  void commit(Connection connection) throws SQLException {
    connection.commit();
    if (this == H2_SYNCED) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT SYNC");
      }
    }
  }

  /** Gives the space of deleted rows back to the file system, as an operator would. */
  void compact(Path folder) throws SQLException {
    try (Connection connection = connect(folder);
        Statement statement = connection.createStatement()) {
      for (String command : compaction()) {
        statement.execute(command);
      }
    }
  }

  private List<String> compaction() {
    return isSqlite()
        ? List.of("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        : List.of("SHUTDOWN COMPACT");
  }

  /** Bytes of all files of the store. */
  static long bytes(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("store"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }
}
