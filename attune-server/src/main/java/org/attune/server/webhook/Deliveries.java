package org.attune.server.webhook;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.attune.server.storage.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to each webhook in the order in which they happened. They wait in the database and
 * survive the end of the server; a receiver may see one twice, with the same {@code webhook-id}.
 * One that fails holds up those behind it until it arrives or is given up, see {@link Patience};
 * other webhooks do not wait for it.
 */
public final class Deliveries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final long PAUSE_MILLIS = 250;
  private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Database database;
  private final Destination destination;
  private final Patience patience;
  private final Clock clock;
  private final Messenger messenger;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private final ExecutorService senders =
      Executors.newCachedThreadPool(work -> daemon(work, "webhook"));
  private final Thread thread = daemon(this::work, "webhooks");
  private volatile boolean closed;

  /**
   * Starts sending.
   *
   * @param privateAddresses whether receivers may be in the server's own network
   */
  public Deliveries(Database database, boolean privateAddresses, Patience patience, Clock clock) {
    this(database, new Destination(InetAddress::getAllByName, privateAddresses), patience, clock);
  }

  Deliveries(Database database, Destination destination, Patience patience, Clock clock) {
    this.database = database;
    this.destination = destination;
    this.patience = patience;
    this.clock = clock;
    this.messenger = new Messenger(patience.answer());
    thread.start();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** The events of one webhook, which is sent one at a time. Pauses do not ask the clock. */
  private static final class Line {
    private boolean busy;
    private int failures;
    private long pausedSince;
    private long pauseNanos;

    synchronized boolean begin() {
      if (busy || System.nanoTime() - pausedSince < pauseNanos) {
        return false;
      }
      busy = true;
      return true;
    }

    synchronized void goOn() {
      failures = 0;
      pauseNanos = 0;
    }

    synchronized void pause(Patience patience) {
      failures++;
      pausedSince = System.nanoTime();
      pauseNanos = patience.pause(failures).toNanos();
    }

    synchronized void end() {
      busy = false;
    }
  }

  private void work() {
    long sweptAt = System.nanoTime() - SWEEP_NANOS;
    while (!closed) {
      try {
        if (System.nanoTime() - sweptAt >= SWEEP_NANOS) {
          database.change(Webhooks::dropOrphans);
          sweptAt = System.nanoTime();
        }
        waiting().forEach(this::begin);
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return; // closing
      } catch (RuntimeException e) {
        LOG.error("Events cannot be read; they are tried again.", e);
        pauseAfterFailure();
      }
    }
  }

  private void pauseAfterFailure() {
    try {
      Thread.sleep(patience.firstPause().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> waiting() {
    return database.read(
        transaction ->
            transaction.list(
                "SELECT w.id FROM webhooks w WHERE EXISTS"
                    + " (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id)",
                (row, index) -> row.getString(1)));
  }

  private void begin(String webhookId) {
    Line line = lines.computeIfAbsent(webhookId, id -> new Line());
    if (line.begin()) {
      senders.execute(() -> sendAll(webhookId, line));
    }
  }

  private void sendAll(String webhookId, Line line) {
    try {
      boolean goingOn = true;
      while (goingOn && !closed) {
        Optional<Delivery> next =
            database.read(transaction -> Delivery.next(transaction, webhookId));
        goingOn = next.isPresent() && send(next.get(), line);
      }
    } catch (RuntimeException e) {
      LOG.error("Events cannot be sent; they are tried again.", e);
      line.pause(patience);
    } finally {
      line.end();
    }
  }

  /** Sends an event, and returns whether the next one may follow. */
  private boolean send(Delivery delivery, Line line) {
    Attempt attempt = Attempt.send(messenger, destination, delivery, patience, clock);
    if (attempt.result() == Attempt.Result.DELIVERED) {
      database.change(delivery::end);
      line.goOn();
      return true;
    }
    boolean givenUp =
        attempt.result() == Attempt.Result.REFUSED
            ? delivery.attempts() + 1 >= patience.attempts()
            : database.read(transaction -> transaction.now()) - delivery.insertedAt()
                > TimeUnit.MILLISECONDS.toMicros(patience.age().toMillis());
    if (givenUp) {
      database.change(delivery::end);
      line.goOn();
    } else {
      if (attempt.result() == Attempt.Result.REFUSED) {
        database.change(delivery::refused);
      }
      line.pause(patience);
    }
    LOG.warn(
        "Event {} ({}) did not reach {}: {}. {}",
        delivery.event(),
        delivery.messageId(),
        delivery.url(),
        attempt.problem(),
        givenUp ? "It is given up." : "It is sent again later.");
    return givenUp;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    senders.shutdownNow();
    try {
      thread.join(patience.answer().toMillis());
      if (!senders.awaitTermination(patience.answer().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("A webhook is still being sent to.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
