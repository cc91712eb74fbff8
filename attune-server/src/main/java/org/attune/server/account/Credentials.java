package org.attune.server.account;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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
  }

  /** The user that a secret of this kind proves, unless it expired. */
  public static Optional<User> owner(Transaction transaction, Kind kind, String secret) {
    return transaction.find(
        "SELECT u.id, u.username, u.first_name, u.last_name, u.role, u.inserted_at,"
            + " u.updated_at FROM credentials c JOIN users u ON u.id = c.user_id"
            + " WHERE c.hash = ? AND c.kind = ? AND u.deleted_at IS NULL"
            + " AND (c.expires_at IS NULL OR c.expires_at > ?)",
        Users::user,
        Secrets.hash(secret),
        kind.text(),
        transaction.clock());
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
    transaction.update("DELETE FROM credentials WHERE hash = ?", Secrets.hash(secret));
  }

  /** Signs a user out everywhere; programs with the API key go on. */
  public static void endSessions(Transaction transaction, String userId) {
    transaction.update(
        "DELETE FROM credentials WHERE user_id = ? AND kind <> ?", userId, Kind.API_KEY.text());
  }
}
