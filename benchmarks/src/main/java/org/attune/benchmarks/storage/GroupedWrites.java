package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One thread with one connection, which commits all that waits in one transaction: one forced write
 * to the disk serves many. A work that fails is rolled back alone.
 */
final class GroupedWrites implements Writes {
  /** Bounds how long the first of a group waits for the last. */
  private static final int LARGEST_GROUP = 64;

  private final Candidate candidate;
  private final Connection connection;
  private final BlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::serve, "writer");

  GroupedWrites(Candidate candidate, Path folder) throws SQLException {
    this.candidate = candidate;
    connection = candidate.connect(folder);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public <T> T commit(Work<T> work) throws SQLException {
    Waiting<T> waiting = new Waiting<>(work, new CompletableFuture<>());
    queue.add(waiting);
    try {
      return waiting.answer.join();
    } catch (CompletionException e) {
      throw new SQLException("The write failed: " + e.getMessage(), e);
    }
  }

  private void serve() {
    List<Waiting<?>> group = new ArrayList<>();
    try {
      while (true) {
        group.clear();
        group.add(queue.take());
        queue.drainTo(group, LARGEST_GROUP - 1);
        commit(group);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit(List<Waiting<?>> group) {
    try {
      // the driver begins the next transaction as soon as one is committed; this one ends it
      connection.setAutoCommit(false);
      List<Runnable> answers = new ArrayList<>();
      for (Waiting<?> waiting : group) {
        answers.add(waiting.run(connection));
      }
      candidate.commit(connection);
      connection.setAutoCommit(true);
      answers.forEach(Runnable::run);
    } catch (SQLException e) {
      abandon();
      group.forEach(waiting -> waiting.answer.completeExceptionally(e));
    }
  }

  private void abandon() {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw new IllegalStateException("The writing connection cannot go on", e);
    }
  }

  @Override
  public void close() throws SQLException {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }

  private record Waiting<T>(Work<T> work, CompletableFuture<T> answer) {

    /** Runs the work and returns what tells its sender, to be run after the commit. */
    Runnable run(Connection connection) throws SQLException {
      Savepoint before = connection.setSavepoint();
      try {
        T result = work.run(connection);
        connection.releaseSavepoint(before);
        return () -> answer.complete(result);
      } catch (SQLException | RuntimeException e) {
        connection.rollback(before);
        return () -> answer.completeExceptionally(e);
      }
    }
  }
}
