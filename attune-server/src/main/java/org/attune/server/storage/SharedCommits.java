package org.attune.server.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Changes of many callers in one commit: a commit costs a flush of the disk, whether it holds one
 * change or fifty. One thread takes what is waiting, runs each change within a savepoint, so that
 * one which fails undoes only itself, commits, and then answers everybody.
 */
final class SharedCommits implements Writes {

  private static final int MOST_TOGETHER = 64;

  private final HikariDataSource source;
  private final Moments moments;
  private final Supplier<ChangeListener> listener;
  private final BlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::work, "database-writer");
  private volatile boolean closed;

  SharedCommits(HikariDataSource source, Moments moments, Supplier<ChangeListener> listener) {
    this.source = source;
    this.moments = moments;
    this.listener = listener;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public <T extends @Nullable Object> T run(Function<Transaction, T> work) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("A change cannot wait for another one that waits for it.");
    }
    if (closed) {
      throw stopping();
    }
    Change<T> change = new Change<>(work);
    waiting.add(change);
    if (!thread.isAlive()) {
      change.failed(stopping()); // it came when the last one had been made
    }
    return change.outcome();
  }

  private static StorageException stopping() {
    return new StorageException(
        StorageFault.UNREACHABLE, "The server is stopping; the change was not made.", null);
  }

  /** A change that somebody waits for. */
  private static final class Change<T extends @Nullable Object> {

    private final Function<Transaction, T> work;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable Transaction transaction;
    private @Nullable T result;

    Change(Function<Transaction, T> work) {
      this.work = work;
    }

    void run(Transaction on) {
      result = work.apply(on);
      transaction = on;
    }

    @SuppressWarnings("NullAway") // a result is null only where T may be
    void committed() {
      answer.complete(result);
    }

    void failed(Throwable cause) {
      answer.completeExceptionally(cause);
    }

    T outcome() {
      T value;
      try {
        value = answer.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        if (e.getCause() instanceof Error failure) {
          throw failure;
        }
        throw e;
      }
      if (transaction != null) {
        transaction.committed();
      }
      return value;
    }
  }

  private void work() {
    List<Change<?>> group = new ArrayList<>(MOST_TOGETHER);
    while (!closed || !waiting.isEmpty()) {
      try {
        Change<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        group.add(first);
        waiting.drainTo(group, MOST_TOGETHER - 1);
        commit(group);
      } catch (InterruptedException e) {
        closed = true; // whoever interrupts wants an end; what waits is still written
      } finally {
        group.clear();
      }
    }
  }

  private void commit(List<Change<?>> group) {
    List<Change<?>> succeeded = new ArrayList<>(group.size());
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        run(group, connection, succeeded);
        connection.commit();
      } catch (SQLException | RuntimeException | Error e) {
        undo(connection, e);
        throw e;
      }
      succeeded.forEach(Change::committed);
    } catch (SQLException e) {
      RuntimeException failure = StorageFault.translated(e);
      group.forEach(change -> change.failed(failure)); // those that were answered stay answered
    } catch (RuntimeException | Error e) {
      group.forEach(change -> change.failed(e)); // nobody waits for ever, and the next ones may do
    }
  }

  private void run(List<Change<?>> group, Connection connection, List<Change<?>> succeeded)
      throws SQLException {
    SingleConnectionDataSource shared = new SingleConnectionDataSource(connection, true);
    for (Change<?> change : group) {
      Savepoint before = connection.setSavepoint();
      try {
        change.run(new Transaction(shared, moments, listener.get()));
        connection.releaseSavepoint(before);
        succeeded.add(change);
      } catch (RuntimeException | Error e) {
        if (e instanceof RuntimeException failure
            && StorageFault.translated(failure) instanceof StorageException fault) {
          throw fault; // the database may have undone everything already
        }
        change.failed(e);
        connection.rollback(before);
        connection.releaseSavepoint(before);
      }
    }
  }

  /**
   * Undoes all; what went wrong before is what is told. If SQLite did it already, as it does
   * without space, the connection no longer knows where it is, and another takes its place.
   */
  private void undo(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
      source.evictConnection(connection);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
