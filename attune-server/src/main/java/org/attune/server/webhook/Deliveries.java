package org.attune.server.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.storage.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events in the order in which they happened, up to three times each. They wait in the
 * database and survive a restart; a receiver may see one twice, with the same {@code webhook-id}.
 */
public final class Deliveries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final int MOST_ATTEMPTS = 3;
  private static final int PORTION = 50;
  private static final long PAUSE_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long RETRY_MICROS = TimeUnit.SECONDS.toMicros(5);
  private static final int HUNDRED = 100;
  private static final int SUCCESS = 2;

  private final Database database;
  private final Destination destination;
  private final Clock clock;
  private final Messenger messenger = new Messenger(PATIENCE);
  private final Thread thread = new Thread(this::work, "webhooks");
  private volatile boolean closed;

  /**
   * Starts sending.
   *
   * @param privateAddresses whether receivers may be in the server's own network
   */
  public Deliveries(Database database, boolean privateAddresses, Clock clock) {
    this(database, new Destination(InetAddress::getAllByName, privateAddresses), clock);
  }

  Deliveries(Database database, Destination destination, Clock clock) {
    this.database = database;
    this.destination = destination;
    this.clock = clock;
    thread.setDaemon(true);
    thread.start();
  }

  private record Delivery(
      long sequence, String event, String body, int attempts, String url, String secret) {}

  private void work() {
    while (!closed) {
      try {
        Thread.sleep(PAUSE_MILLIS);
        due().forEach(this::deliver);
      } catch (InterruptedException e) {
        return; // closing
      } catch (RuntimeException e) {
        LOG.error("Events cannot be read; they are tried again.", e);
      }
    }
  }

  private List<Delivery> due() {
    return database.read(
        transaction ->
            transaction.list(
                "SELECT d.seq, d.event, d.body, d.attempts, w.url, w.secret"
                    + " FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id"
                    + " WHERE d.due_at <= ? ORDER BY d.seq LIMIT ?",
                (row, index) ->
                    new Delivery(
                        row.getLong("seq"),
                        row.getString("event"),
                        row.getString("body"),
                        row.getInt("attempts"),
                        row.getString("url"),
                        row.getString("secret")),
                transaction.now(),
                PORTION));
  }

  private void deliver(Delivery delivery) {
    String problem = attempt(delivery);
    database.change(
        transaction -> {
          if (problem.isEmpty() || delivery.attempts() + 1 >= MOST_ATTEMPTS) {
            transaction.update("DELETE FROM webhook_deliveries WHERE seq = ?", delivery.sequence());
          } else {
            transaction.update(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = ? WHERE seq = ?",
                transaction.now() + RETRY_MICROS * (delivery.attempts() + 1),
                delivery.sequence());
          }
        });
    if (!problem.isEmpty()) {
      LOG.warn("Event {} did not reach {}: {}", delivery.event(), delivery.url(), problem);
    }
  }

  /** Sends an event, and returns what went wrong; empty if nothing did. */
  private String attempt(Delivery delivery) {
    String id = "msg_" + delivery.sequence();
    long seconds = clock.instant().getEpochSecond();
    try {
      URI url = URI.create(URI.create(delivery.url()).toASCIIString());
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Content-Type", "application/json");
      headers.put("webhook-id", id);
      headers.put("webhook-timestamp", Long.toString(seconds));
      headers.put(
          "webhook-signature", Signature.of(delivery.secret(), id, seconds, delivery.body()));
      int status = messenger.post(url, destination.address(url), headers, delivery.body());
      return status / HUNDRED == SUCCESS ? "" : "it answered " + status;
    } catch (IOException | IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
