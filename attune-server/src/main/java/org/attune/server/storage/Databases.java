package org.attune.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Opens databases, and brings their schema up to date first. */
public final class Databases {

  private static final Logger LOG = LoggerFactory.getLogger(Databases.class);
  private static final int READERS = 8;
  private static final int SHARED_CONNECTIONS = 16;

  /** How long a request waits for a connection, before it is told that there is none. */
  private static final long CONNECTION_MILLIS = 10_000;

  private static final String CONNECT_SECONDS = "5";

  /** A database that answers nothing for so long is given up; no statement takes as long. */
  private static final String ANSWER_SECONDS = "300";

  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);

  private Databases() {}

  /**
   * The embedded database in a folder, created if need be. The write-ahead log is flushed to the
   * disk before a commit returns ({@code synchronous=FULL}).
   */
  public static Database embedded(Path folder, Clock clock) {
    return embedded(folder, clock, Schema.MIGRATIONS);
  }

  static Database embedded(Path folder, Clock clock, String... migrations) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StorageException(
          "The data folder " + folder + " cannot be created: " + e.getMessage(), e);
    }
    Path file = folder.resolve("attune.db");
    String address = "jdbc:sqlite:" + file;
    HikariConfig writing = new HikariConfig();
    writing.setJdbcUrl(address);
    writing.setMaximumPoolSize(1);
    writing.setPoolName("writer");
    sqlite(writing);
    writing.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    HikariDataSource writer = opened(writing, file.toString());
    Moments moments = migrate(writer, clock, Schema.Dialect.SQLITE, migrations);
    HikariConfig reading = new HikariConfig();
    reading.setJdbcUrl(address);
    reading.setMaximumPoolSize(READERS);
    reading.setPoolName("readers");
    sqlite(reading);
    reading.setConnectionInitSql("PRAGMA query_only = 1");
    return Database.ofFile(writer, opened(reading, file.toString()), moments);
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
    return postgresql(address, user, password, clock, Schema.MIGRATIONS);
  }

  static Database postgresql(
      String address, String user, String password, Clock clock, String... migrations) {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(address);
    pool.setUsername(user);
    pool.setPassword(password);
    pool.setMaximumPoolSize(SHARED_CONNECTIONS);
    pool.setPoolName("postgresql");
    pool.setConnectionTimeout(CONNECTION_MILLIS);
    pool.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
    pool.addDataSourceProperty("socketTimeout", ANSWER_SECONDS);
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    HikariDataSource source = opened(pool, address);
    return Database.ofServer(source, migrate(source, clock, Schema.Dialect.POSTGRESQL, migrations));
  }

  private static HikariDataSource opened(HikariConfig pool, String name) {
    try {
      return new HikariDataSource(pool);
    } catch (PoolInitializationException e) {
      throw unusable(name, e);
    }
  }

  private static StorageException unusable(String name, RuntimeException e) {
    RuntimeException known = StorageFault.translated(e);
    return new StorageException(
        known instanceof StorageException fault ? fault.fault() : StorageFault.UNREACHABLE,
        "The database " + name + " cannot be opened: " + e.getMessage() + ". " + known.getMessage(),
        e);
  }

  /** Brings the schema up to date, and returns the moments after all that are stored. */
  private static Moments migrate(
      HikariDataSource source, Clock clock, Schema.Dialect dialect, String... migrations) {
    try {
      Schema.of(source, dialect, migrations).migrate();
      return momentsAfter(source, clock);
    } catch (StorageException e) {
      source.close();
      throw e;
    } catch (DataAccessException e) {
      source.close();
      throw unusable(source.getJdbcUrl(), e);
    }
  }

  private static Moments momentsAfter(HikariDataSource source, Clock clock) {
    Long stored =
        new JdbcTemplate(source)
            .queryForObject("SELECT MAX(last_activity_at) FROM datasets", Long.class);
    Moments moments = new Moments(clock);
    if (stored != null) {
      // a transaction takes its moments after its beginning, which is what a dataset remembers
      moments.goOnAfter(stored + SECOND);
      if (stored > moments.clock() + SECOND) {
        LOG.warn(
            "The clock shows {}, and the last change is of {}: times go on from there.",
            Moments.text(moments.clock()),
            Moments.text(stored));
      }
    }
    return moments;
  }
}
