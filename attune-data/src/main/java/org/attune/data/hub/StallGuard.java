package org.attune.data.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that is silent for too long, so that whoever reads it goes on. */
final class StallGuard implements AutoCloseable {
  private final InputStream stream;
  private final Duration limit;
  private final Thread watcher;
  private long lastProgress = System.nanoTime();
  private boolean ended;
  private boolean fired;

  private StallGuard(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limit = limit;
    watcher = new Thread(this::watch, "hub-stall-guard");
    watcher.setDaemon(true);
  }

  static StallGuard over(InputStream stream, Duration limit) {
    StallGuard guard = new StallGuard(stream, limit);
    guard.watcher.start();
    return guard;
  }

  synchronized void progressed() {
    lastProgress = System.nanoTime();
  }

  synchronized boolean fired() {
    return fired;
  }

  IOException failure() {
    return new IOException("nothing arrived for %,d seconds".formatted(limit.toSeconds()));
  }

  private synchronized void watch() {
    try {
      while (!ended) {
        long left = limit.toNanos() - (System.nanoTime() - lastProgress);
        if (left <= 0) {
          fired = true;
          stream.close();
          return;
        }
        wait(Math.max(1, left / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // the reader of the stream meets the same failure
    }
  }

  @Override
  public synchronized void close() {
    ended = true;
    notifyAll();
  }
}
