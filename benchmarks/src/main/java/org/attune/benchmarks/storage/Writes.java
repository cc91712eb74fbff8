package org.attune.benchmarks.storage;

import java.sql.Connection;
import java.sql.SQLException;

/** How many threads write into one store. */
interface Writes extends AutoCloseable {

  /** Runs a piece of work as one transaction and returns its result once it lasts. */
  <T> T commit(Work<T> work) throws SQLException;

  @Override
  void close() throws SQLException;

  /** What is to be written. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
