package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A connection for each write, from a pool that serves in the order of asking. */
final class PooledWrites implements Writes {
  private final Candidate candidate;
  private final List<Connection> connections = new ArrayList<>();
  private final BlockingQueue<Connection> free;

  PooledWrites(Candidate candidate, Path folder, int size) throws SQLException {
    this.candidate = candidate;
    free = new ArrayBlockingQueue<>(size, true);
    for (int i = 0; i < size; i++) {
      Connection connection = candidate.connect(folder);
      connections.add(connection);
      free.add(connection);
    }
  }

  @Override
  public <T> T commit(Work<T> work) throws SQLException {
    Connection connection = take();
    try {
      connection.setAutoCommit(false);
      T result = work.run(connection);
      candidate.commit(connection);
      return result;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
      free.add(connection);
    }
  }

  private Connection take() {
    try {
      return free.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while waiting for a connection", e);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
