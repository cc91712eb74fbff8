package org.attune.server.webhook;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.attune.server.storage.Transaction;

/**
 * Whether any webhook is enabled. Every change asks, and most servers have none; so "none" is
 * remembered for a second, which is how long another server over the same database may take to
 * notice a new webhook. This server notices at once.
 */
public final class Audience {

  private static final long MEMORY_NANOS = Duration.ofSeconds(1).toNanos();

  private final AtomicReference<Finding> last = new AtomicReference<>(new Finding(true, 0));

  private record Finding(boolean isThere, long atNanos) {}

  public boolean isThere(Transaction transaction) {
    Finding known = Objects.requireNonNull(last.get());
    long now = System.nanoTime();
    if (!known.isThere() && now - known.atNanos() < MEMORY_NANOS) {
      return false;
    }
    boolean isThere = transaction.number("SELECT COUNT(*) FROM webhooks WHERE enabled") > 0;
    // not if a webhook was changed since: what was read may be older than that
    last.compareAndSet(known, new Finding(isThere, now));
    return isThere;
  }

  /** Forgets what was found, since a webhook was changed. */
  public void lookAgain() {
    last.set(new Finding(true, 0));
  }
}
