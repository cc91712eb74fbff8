package org.attune.server.webhook;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The webhooks in the database, and the events that still have to be sent. */
public final class Webhooks {

  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Webhooks() {}

  public static Webhook create(
      Transaction transaction, String url, List<String> events, @Nullable String description) {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    String id = UUID.randomUUID().toString();
    long now = transaction.now();
    transaction.update(
        "INSERT INTO webhooks (id, url, secret, events, enabled, description, inserted_at,"
            + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        url,
        Base64.getEncoder().encodeToString(secret),
        Json.write(events),
        true,
        description,
        now,
        now);
    transaction.tell(new WebhookChange());
    return logged(transaction, AuditAction.WEBHOOK_CREATED, get(transaction, id));
  }

  public static List<Webhook> all(Transaction transaction) {
    return transaction.list("SELECT * FROM webhooks ORDER BY inserted_at, id", Webhooks::webhook);
  }

  public static Webhook get(Transaction transaction, String id) {
    return transaction
        .find("SELECT * FROM webhooks WHERE id = ?", Webhooks::webhook, id)
        .orElseThrow(() -> RequestException.notFound("Webhook", id));
  }

  public static Webhook update(
      Transaction transaction,
      Webhook webhook,
      String url,
      List<String> events,
      boolean enabled,
      @Nullable String description) {
    transaction.update(
        "UPDATE webhooks SET url = ?, events = ?, enabled = ?, description = ?, updated_at = ?"
            + " WHERE id = ?",
        url,
        Json.write(events),
        enabled,
        description,
        transaction.now(),
        webhook.id());
    if (!enabled) {
      dropWaiting(transaction, webhook);
    }
    transaction.tell(new WebhookChange());
    return logged(transaction, AuditAction.WEBHOOK_CHANGED, get(transaction, webhook.id()));
  }

  public static void delete(Transaction transaction, Webhook webhook) {
    transaction.update("DELETE FROM webhooks WHERE id = ?", webhook.id());
    dropWaiting(transaction, webhook);
    transaction.tell(new WebhookChange());
    Webhook unused = logged(transaction, AuditAction.WEBHOOK_DELETED, webhook);
  }

  private static void dropWaiting(Transaction transaction, Webhook webhook) {
    transaction.update("DELETE FROM webhook_deliveries WHERE webhook_id = ?", webhook.id());
  }

  /** Drops events that were written while their webhook was being deleted. */
  static void dropOrphans(Transaction transaction) {
    transaction.update(
        "DELETE FROM webhook_deliveries WHERE webhook_id NOT IN (SELECT id FROM webhooks)");
  }

  /** The host only: paths and queries of such addresses are often secrets. */
  private static Webhook logged(Transaction transaction, AuditAction action, Webhook webhook) {
    AuditLog.add(
        transaction,
        action,
        "webhook",
        webhook.id(),
        Map.of("host", host(webhook.url()), "events", webhook.events()));
    return webhook;
  }

  private static String host(String url) {
    try {
      return String.valueOf(URI.create(url).getHost());
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** The webhooks that are told of events. */
  public static List<Webhook> enabled(Transaction transaction) {
    return all(transaction).stream().filter(Webhook::enabled).toList();
  }

  /**
   * Has an event sent to those who want it, if the transaction commits.
   *
   * @param listening who may want it; see {@link #enabled}
   * @param data what it is about; asked for only if somebody wants the event
   */
  public static void tell(
      Transaction transaction,
      List<Webhook> listening,
      String event,
      Supplier<Map<String, @Nullable Object>> data) {
    List<Webhook> wanting =
        listening.stream().filter(webhook -> webhook.events().contains(event)).toList();
    if (!wanting.isEmpty()) {
      String body = body(transaction, event, data.get());
      wanting.forEach(webhook -> enqueue(transaction, webhook, event, body));
    }
  }

  /** Has a webhook called to see that it answers. */
  public static void ping(Transaction transaction, Webhook webhook) {
    enqueue(
        transaction,
        webhook,
        "ping",
        body(transaction, "ping", Map.of("agent", "attune", "version", "1")));
  }

  private static String body(
      Transaction transaction, String event, Map<String, @Nullable Object> data) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("type", event);
    body.put("version", 1);
    body.put("timestamp", Moments.text(transaction.moments(1)) + "Z");
    body.put("data", data);
    return Json.write(body);
  }

  private static void enqueue(Transaction transaction, Webhook webhook, String event, String body) {
    transaction.update(
        "INSERT INTO webhook_deliveries (message_id, webhook_id, event, body, attempts, inserted_at)"
            + " VALUES (?, ?, ?, ?, 0, ?)",
        "msg_" + UUID.randomUUID(),
        webhook.id(),
        event,
        body,
        transaction.now());
  }

  private static Webhook webhook(ResultSet row, int index) throws SQLException {
    return new Webhook(
        row.getString("id"),
        row.getString("url"),
        row.getString("secret"),
        Json.array(row.getString("events")).stream().map(String::valueOf).toList(),
        row.getBoolean("enabled"),
        row.getString("description"),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
