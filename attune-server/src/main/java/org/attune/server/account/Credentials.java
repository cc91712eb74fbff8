package org.attune.server.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** Secrets by which the server knows its users. Only their hashes are stored. */
public final class Credentials {

  private Credentials() {}

  /** What a secret is for. */
  public enum Kind {
    /** Of a program, until it is rotated. */
    API_KEY,
    /** Of a browser, in a cookie. */
    SESSION,
    /** Of a client that signed in with a password, in the header {@code Authorization}. */
    BEARER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A credential with whose it is. */
  public record Found(User user, String id, Credential credential) {}

  /**
   * Lets a user be known by a secret.
   *
   * @param expiresAt when it stops, or null for never
   */
  public static void add(
      Transaction transaction, String userId, Kind kind, String secret, @Nullable Long expiresAt) {
    transaction.update(
        "INSERT INTO credentials (id, user_id, kind, hash, inserted_at, expires_at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        userId,
        kind.text(),
        Secrets.hash(secret),
        transaction.now(),
        expiresAt);
    User user = Users.get(transaction, userId);
    switch (kind) {
      case API_KEY ->
          AuditLog.add(
              transaction,
              AuditAction.KEY_MADE,
              "user",
              userId,
              Map.of("username", user.username()));
      case SESSION ->
          AuditLog.addAs(
              transaction, userId, user.username(), AuditAction.SESSION_STARTED, "user", userId);
      case BEARER ->
          AuditLog.addAs(
              transaction, userId, user.username(), AuditAction.TOKEN_MADE, "user", userId);
    }
  }

  /** The credential of this kind with this secret, expired or not, and whose it is. */
  public static Optional<Found> find(Transaction transaction, Kind kind, String secret) {
    return transaction.find(
        "SELECT u.id, u.username, u.first_name, u.last_name, u.role, u.inserted_at,"
            + " u.updated_at, c.id AS credential_id, c.inserted_at AS made_at, c.expires_at,"
            + " c.last_used_at FROM credentials c JOIN users u ON u.id = c.user_id"
            + " WHERE c.hash = ? AND c.kind = ? AND u.deleted_at IS NULL",
        (row, index) ->
            new Found(
                Users.user(row, index),
                row.getString("credential_id"),
                new Credential(
                    row.getLong("made_at"),
                    optional(row, "expires_at"),
                    optional(row, "last_used_at"))),
        Secrets.hash(secret),
        kind.text());
  }

  /** A user's API key, if there is one: what may be shown of it. */
  public static Optional<Credential> apiKey(Transaction transaction, String userId) {
    return transaction.find(
        "SELECT inserted_at, expires_at, last_used_at FROM credentials"
            + " WHERE user_id = ? AND kind = ?",
        (row, index) ->
            new Credential(
                row.getLong("inserted_at"),
                optional(row, "expires_at"),
                optional(row, "last_used_at")),
        userId,
        Kind.API_KEY.text());
  }

  private static @Nullable Long optional(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  /** Notes that a credential is in use. */
  public static void used(Transaction transaction, String credentialId) {
    transaction.update(
        "UPDATE credentials SET last_used_at = ? WHERE id = ?", transaction.clock(), credentialId);
  }

  /** Replaces a user's API keys by a new one, which is returned this once. */
  public static String rotateApiKey(
      Transaction transaction, String userId, @Nullable Long expiresAt) {
    transaction.update(
        "DELETE FROM credentials WHERE user_id = ? AND kind = ?", userId, Kind.API_KEY.text());
    String key = Secrets.next();
    add(transaction, userId, Kind.API_KEY, key, expiresAt);
    return key;
  }

  /** Forgets one secret, such as that of a browser which signs out. */
  public static void revoke(Transaction transaction, String secret) {
    Optional<String> userId =
        transaction.find(
            "SELECT user_id FROM credentials WHERE hash = ?",
            (row, index) -> row.getString(1),
            Secrets.hash(secret));
    if (userId.isPresent()) {
      transaction.update("DELETE FROM credentials WHERE hash = ?", Secrets.hash(secret));
      AuditLog.add(transaction, AuditAction.SESSION_ENDED, "user", userId.get(), Map.of());
    }
  }

  /** Signs a user out everywhere; programs with the API key go on. */
  public static void endSessions(Transaction transaction, String userId) {
    transaction.update(
        "DELETE FROM credentials WHERE user_id = ? AND kind <> ?", userId, Kind.API_KEY.text());
  }
}
