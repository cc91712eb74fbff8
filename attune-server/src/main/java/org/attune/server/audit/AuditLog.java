package org.attune.server.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.json.Json;
import org.attune.server.storage.Origin;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** Writes down who does what, in the transaction that does it, and reads it. */
public final class AuditLog {

  private AuditLog() {}

  /**
   * Notes what the transaction does, for whoever asked for it.
   *
   * @param kind what it is done to: {@code user}, {@code dataset}
   * @param details more about it, for people to read; never a secret
   */
  public static void add(
      Transaction transaction,
      AuditAction action,
      String kind,
      String id,
      Map<String, ? extends @Nullable Object> details) {
    Origin origin = transaction.origin();
    add(transaction, origin.userId(), origin.username(), action, kind, id, details);
  }

  /** As {@link #add}, for somebody who becomes known only now, such as by signing in. */
  public static void addAs(
      Transaction transaction,
      @Nullable String userId,
      @Nullable String username,
      AuditAction action,
      String kind,
      String id) {
    add(transaction, userId, username, action, kind, id, Map.of());
  }

  private static void add(
      Transaction transaction,
      @Nullable String userId,
      @Nullable String username,
      AuditAction action,
      String kind,
      String id,
      Map<String, ? extends @Nullable Object> details) {
    transaction.update(
        "INSERT INTO audit_log (inserted_at, user_id, username, address, action, subject, details)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        transaction.now(),
        userId,
        username,
        transaction.origin().address(),
        action.text(),
        kind + " " + id,
        Json.write(details));
  }

  /** The newest entries that a filter asks for. */
  public static List<AuditEntry> read(Transaction transaction, AuditFilter filter, int limit) {
    List<Object> parameters = new ArrayList<>(filter.parameters());
    parameters.add(limit);
    return transaction.list(
        "SELECT * FROM audit_log WHERE " + filter.condition() + " ORDER BY seq DESC LIMIT ?",
        (row, index) ->
            new AuditEntry(
                row.getLong("seq"),
                row.getLong("inserted_at"),
                row.getString("user_id"),
                row.getString("username"),
                row.getString("address"),
                row.getString("action"),
                row.getString("subject"),
                Json.object(row.getString("details"))),
        parameters.toArray());
  }

  /** Forgets what is older than a moment. */
  static void forget(Transaction transaction, long before) {
    transaction.update("DELETE FROM audit_log WHERE inserted_at < ?", before);
  }
}
