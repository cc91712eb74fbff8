package org.attune.server.storage;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The database, used through transactions only. What {@link #write} returned from is on the disk.
 */
public final class Database implements AutoCloseable {

  private final Writes reading;
  private final Writes writing;
  private final List<HikariDataSource> pools;
  private final AtomicReference<ChangeListener> listener;

  private Database(
      Writes reading,
      Writes writing,
      List<HikariDataSource> pools,
      AtomicReference<ChangeListener> listener) {
    this.reading = reading;
    this.writing = writing;
    this.pools = pools;
    this.listener = listener;
  }

  /**
   * A database in a file. One connection writes, so that writers queue here and never find the file
   * locked; several read what was committed before they began.
   */
  static Database ofFile(HikariDataSource writer, HikariDataSource readers, Moments moments) {
    AtomicReference<ChangeListener> listener = new AtomicReference<>(ChangeListener.NOBODY);
    return new Database(
        new SeparateCommits(readers, moments, listener::get),
        new SharedCommits(writer, moments, listener::get),
        List.of(readers, writer),
        listener);
  }

  /** A database that orders its writers itself. */
  static Database ofServer(HikariDataSource pool, Moments moments) {
    AtomicReference<ChangeListener> listener = new AtomicReference<>(ChangeListener.NOBODY);
    Writes separate = new SeparateCommits(pool, moments, listener::get);
    return new Database(separate, separate, List.of(pool), listener);
  }

  /** Has somebody told of the changes that are made from now on. */
  public void listen(ChangeListener newListener) {
    listener.set(newListener);
  }

  /** Runs work that changes nothing. */
  public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
    return reading.run(work);
  }

  /** Runs work whose changes all happen, or none if it throws. */
  public <T extends @Nullable Object> T write(Function<Transaction, T> work) {
    Origin origin = Origin.current();
    return writing.run(
        transaction -> {
          transaction.askedBy(origin);
          return work.apply(transaction);
        });
  }

  /** As {@link #write}, for work without a result. */
  public void change(Consumer<Transaction> work) {
    Object unused =
        this.<@Nullable Object>write(
            transaction -> {
              work.accept(transaction);
              return null;
            });
  }

  @Override
  public void close() {
    writing.close();
    pools.forEach(HikariDataSource::close);
  }
}
