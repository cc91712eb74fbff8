package org.attune.server.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.attune.server.storage.Transaction;

/**
 * An event on its way to one webhook.
 *
 * @param messageId by which the receiver knows it, if it comes twice
 * @param attempts how often it was refused so far
 */
record Delivery(
    long sequence,
    String messageId,
    String event,
    String body,
    int attempts,
    long insertedAt,
    String url,
    String secret) {

  /** What a webhook is to be sent next. */
  static Optional<Delivery> next(Transaction transaction, String webhookId) {
    return transaction.find(
        "SELECT d.*, w.url, w.secret FROM webhook_deliveries d"
            + " JOIN webhooks w ON w.id = d.webhook_id"
            + " WHERE d.webhook_id = ? ORDER BY d.seq LIMIT 1",
        Delivery::delivery,
        webhookId);
  }

  void refused(Transaction transaction) {
    transaction.update(
        "UPDATE webhook_deliveries SET attempts = attempts + 1 WHERE seq = ?", sequence);
  }

  void end(Transaction transaction) {
    transaction.update("DELETE FROM webhook_deliveries WHERE seq = ?", sequence);
  }

  private static Delivery delivery(ResultSet row, int index) throws SQLException {
    return new Delivery(
        row.getLong("seq"),
        row.getString("message_id"),
        row.getString("event"),
        row.getString("body"),
        row.getInt("attempts"),
        row.getLong("inserted_at"),
        row.getString("url"),
        row.getString("secret"));
  }
}
