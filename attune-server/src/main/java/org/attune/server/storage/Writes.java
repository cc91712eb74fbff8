package org.attune.server.storage;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How changes get into the database. What {@link #run} returned from is on the disk. */
interface Writes extends AutoCloseable {

  /** Runs work whose changes all happen, or none if it throws. */
  <T extends @Nullable Object> T run(Function<Transaction, T> work);

  @Override
  void close();
}
