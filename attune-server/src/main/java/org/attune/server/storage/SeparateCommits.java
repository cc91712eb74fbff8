package org.attune.server.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Each piece of work in a transaction of its own: of readers, and of a database that serves many.
 */
final class SeparateCommits implements Writes {

  private final HikariDataSource source;
  private final Moments moments;
  private final Supplier<ChangeListener> listener;

  SeparateCommits(HikariDataSource source, Moments moments, Supplier<ChangeListener> listener) {
    this.source = source;
    this.moments = moments;
    this.listener = listener;
  }

  @Override
  public <T extends @Nullable Object> T run(Function<Transaction, T> work) {
    Transaction transaction;
    T result;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      transaction =
          new Transaction(
              new SingleConnectionDataSource(connection, true), moments, listener.get());
      try {
        result = work.apply(transaction);
        connection.commit();
      } catch (SQLException | RuntimeException | Error e) {
        undo(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw failed(StorageFault.translated(e));
    } catch (DataAccessException e) {
      throw failed(StorageFault.translated(e));
    }
    transaction.committed();
    return result;
  }

  /**
   * Closes the connections that nobody uses, if the database could not be reached by one: they lead
   * nowhere either, and the pool hands out without a look what was in use half a second ago.
   */
  private RuntimeException failed(RuntimeException failure) {
    if (failure instanceof StorageException known
        && known.fault() == StorageFault.UNREACHABLE
        && !source.isClosed()) {
      source.getHikariPoolMXBean().softEvictConnections();
    }
    return failure;
  }

  /** Undoes all; what went wrong before is what is told. */
  private static void undo(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    // the pool is its owner's
  }
}
