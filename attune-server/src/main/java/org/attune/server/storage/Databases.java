package org.attune.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Opens databases, and brings their schema up to date first. */
public final class Databases {

  private static final int READERS = 8;
  private static final int SHARED_CONNECTIONS = 16;

  private Databases() {}

  /**
   * The embedded database in a folder, created if need be. The write-ahead log is flushed to the
   * disk before a commit returns ({@code synchronous=FULL}).
   */
  public static Database embedded(Path folder, Clock clock) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StorageException(
          "The data folder " + folder + " cannot be created: " + e.getMessage(), e);
    }
    String address = "jdbc:sqlite:" + folder.resolve("attune.db");
    HikariConfig writing = new HikariConfig();
    writing.setJdbcUrl(address);
    writing.setMaximumPoolSize(1);
    writing.setPoolName("writer");
    sqlite(writing);
    writing.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    HikariDataSource writer = new HikariDataSource(writing);
    migrate(writer, Schema.Dialect.SQLITE);
    HikariConfig reading = new HikariConfig();
    reading.setJdbcUrl(address);
    reading.setMaximumPoolSize(READERS);
    reading.setPoolName("readers");
    sqlite(reading);
    reading.setConnectionInitSql("PRAGMA query_only = 1");
    return Database.ofFile(writer, new HikariDataSource(reading), new Moments(clock));
  }

  private static void sqlite(HikariConfig pool) {
    pool.addDataSourceProperty("journal_mode", "WAL");
    pool.addDataSourceProperty("synchronous", "FULL");
    pool.addDataSourceProperty("foreign_keys", "true");
    pool.addDataSourceProperty("busy_timeout", "15000");
    pool.addDataSourceProperty("cache_size", "-65536");
    pool.addDataSourceProperty("journal_size_limit", "67108864");
  }

  /**
   * A PostgreSQL database.
   *
   * @param address a JDBC URL, {@code jdbc:postgresql://host/database}
   */
  public static Database postgresql(String address, String user, String password, Clock clock) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(address);
    pool.setUsername(user);
    pool.setPassword(password);
    pool.setMaximumPoolSize(SHARED_CONNECTIONS);
    pool.setPoolName("postgresql");
    HikariDataSource source = new HikariDataSource(pool);
    migrate(source, Schema.Dialect.POSTGRESQL);
    return Database.ofServer(source, new Moments(clock));
  }

  private static void migrate(HikariDataSource source, Schema.Dialect dialect) {
    try {
      Schema.of(source, dialect).migrate();
    } catch (StorageException e) {
      source.close();
      throw e;
    }
  }
}
