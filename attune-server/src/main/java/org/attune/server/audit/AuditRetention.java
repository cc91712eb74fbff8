package org.attune.server.audit;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.attune.server.storage.Database;
import org.attune.server.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets entries of the audit log that are older than the server is to keep them. */
public final class AuditRetention implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AuditRetention.class);
  private static final Duration PAUSE = Duration.ofHours(6);

  private final Database database;
  private final Duration kept;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "audit-retention");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Starts forgetting.
   *
   * @param kept for how long entries are kept; zero for ever
   */
  public AuditRetention(Database database, Duration kept) {
    this.database = database;
    this.kept = kept;
    if (!kept.isZero()) {
      Object unused =
          executor.scheduleWithFixedDelay(this::forget, 0, PAUSE.toMinutes(), TimeUnit.MINUTES);
    }
  }

  /** Forgets what is too old now. */
  void forget() {
    try {
      database.change(
          transaction ->
              AuditLog.forget(
                  transaction, transaction.now() - TimeUnit.SECONDS.toMicros(kept.toSeconds())));
    } catch (StorageException e) {
      LOG.warn("Old entries of the audit log could not be deleted; tried again later.", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
