package org.attune.server.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * The database, used through transactions only. What {@link #write} returned from is on the disk.
 *
 * <p>An embedded database has one connection that writes, so that writers queue here and never find
 * the file locked, and several that read what was committed before they began.
 */
public final class Database implements AutoCloseable {

  private static final SQLExceptionTranslator TRANSLATOR = new SQLExceptionSubclassTranslator();

  private final HikariDataSource writers;
  private final HikariDataSource readers;
  private final Moments moments;

  Database(HikariDataSource writers, HikariDataSource readers, Moments moments) {
    this.writers = writers;
    this.readers = readers;
    this.moments = moments;
  }

  /** Runs work that changes nothing. */
  public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
    return run(readers, work);
  }

  /** Runs work whose changes all happen, or none if it throws. */
  public <T extends @Nullable Object> T write(Function<Transaction, T> work) {
    return run(writers, work);
  }

  /** As {@link #write}, for work without a result. */
  public void change(Consumer<Transaction> work) {
    write(
        transaction -> {
          work.accept(transaction);
          return null;
        });
  }

  private <T extends @Nullable Object> T run(
      HikariDataSource source, Function<Transaction, T> work) {
    Transaction transaction;
    T result;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      transaction = new Transaction(new SingleConnectionDataSource(connection, true), moments);
      boolean committed = false;
      try {
        result = work.apply(transaction);
        connection.commit();
        committed = true;
      } finally {
        if (!committed) {
          connection.rollback();
        }
      }
    } catch (SQLException e) {
      throw translated(e);
    }
    transaction.committed();
    return result;
  }

  private static RuntimeException translated(SQLException e) {
    RuntimeException known = TRANSLATOR.translate("transaction", null, e);
    return known != null
        ? known
        : new StorageException("The database failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    readers.close();
    writers.close();
  }
}
