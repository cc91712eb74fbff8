package org.attune.server.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The users in the database. */
public final class Users {

  private static final String COLUMNS =
      "u.id, u.username, u.first_name, u.last_name, u.role, u.inserted_at, u.updated_at";

  private Users() {}

  /**
   * What a new user is to be.
   *
   * @param password null for somebody who signs in another way
   */
  public record Draft(
      String username,
      String firstName,
      @Nullable String lastName,
      Role role,
      @Nullable String password) {}

  /** A user and the one chance to see the key that proves it. */
  public record Created(User user, String apiKey) {}

  /** Adds a user with a random API key. */
  public static Created create(Transaction transaction, Draft draft) {
    return create(transaction, draft, Secrets.next());
  }

  /** Adds a user with a key of the caller's choice. */
  public static Created create(Transaction transaction, Draft draft, String apiKey) {
    requireFree(transaction, draft.username());
    long now = transaction.now();
    User user =
        new User(
            UUID.randomUUID().toString(),
            draft.username(),
            draft.firstName(),
            draft.lastName(),
            draft.role(),
            now,
            now);
    transaction.update(
        "INSERT INTO users (id, username, first_name, last_name, role, password_hash,"
            + " inserted_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        user.id(),
        user.username(),
        user.firstName(),
        user.lastName(),
        user.role().text(),
        draft.password() == null ? null : Passwords.hash(draft.password()),
        now,
        now);
    log(transaction, AuditAction.USER_CREATED, user);
    Credentials.add(transaction, user.id(), Credentials.Kind.API_KEY, apiKey, null);
    return new Created(user, apiKey);
  }

  private static void requireFree(Transaction transaction, String username) {
    if (byName(transaction, username).isPresent()) {
      throw RequestException.exists(
          "User", username, "User with username `" + username + "` already exists");
    }
  }

  /** Changes what a user is; null keeps what is there, except for the last name. */
  public static User update(
      Transaction transaction,
      User user,
      String username,
      String firstName,
      @Nullable String lastName,
      Role role,
      @Nullable String password) {
    if (!username.equals(user.username())) {
      requireFree(transaction, username);
    }
    if (role != Role.OWNER) {
      requireOtherOwner(transaction, user);
    }
    transaction.update(
        "UPDATE users SET username = ?, first_name = ?, last_name = ?, role = ?, updated_at = ?"
            + " WHERE id = ?",
        username,
        firstName,
        lastName,
        role.text(),
        transaction.now(),
        user.id());
    if (password != null) {
      setPassword(transaction, user, password);
    }
    User changed = get(transaction, user.id());
    log(transaction, AuditAction.USER_CHANGED, changed);
    return changed;
  }

  /** Gives a user another password, and signs the user out everywhere. */
  public static void setPassword(Transaction transaction, User user, String password) {
    transaction.update(
        "UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?",
        Passwords.hash(password),
        transaction.now(),
        user.id());
    Credentials.endSessions(transaction, user.id());
    log(transaction, AuditAction.PASSWORD_CHANGED, user);
  }

  private static void log(Transaction transaction, AuditAction action, User user) {
    AuditLog.add(
        transaction,
        action,
        "user",
        user.id(),
        Map.of("username", user.username(), "role", user.role().text()));
  }

  public static List<User> all(Transaction transaction) {
    return transaction.list(
        "SELECT "
            + COLUMNS
            + " FROM users u WHERE u.deleted_at IS NULL ORDER BY u.inserted_at, u.id",
        Users::user);
  }

  public static List<User> ofWorkspace(Transaction transaction, String workspaceId) {
    return transaction.list(
        "SELECT "
            + COLUMNS
            + " FROM users u JOIN workspaces_users w ON w.user_id = u.id"
            + " WHERE u.deleted_at IS NULL AND w.workspace_id = ?"
            + " ORDER BY u.inserted_at, u.id",
        Users::user,
        workspaceId);
  }

  /** The user with that id. */
  public static User get(Transaction transaction, String id) {
    return find(transaction, id).orElseThrow(() -> RequestException.notFound("User", id));
  }

  public static Optional<User> find(Transaction transaction, String id) {
    return transaction.find(
        "SELECT " + COLUMNS + " FROM users u WHERE u.id = ? AND u.deleted_at IS NULL",
        Users::user,
        id);
  }

  public static Optional<User> byName(Transaction transaction, String username) {
    return transaction.find(
        "SELECT " + COLUMNS + " FROM users u WHERE u.username = ? AND u.deleted_at IS NULL",
        Users::user,
        username);
  }

  /** The user whose password this is. Takes equally long whether or not there is one. */
  public static Optional<User> byPassword(
      Transaction transaction, String username, String password) {
    Optional<User> user = byName(transaction, username);
    Optional<String> hash = user.flatMap(known -> passwordHash(transaction, known));
    if (hash.isEmpty()) {
      Passwords.matchNobody(password);
      return Optional.empty();
    }
    return Passwords.matches(password, hash.get()) ? user : Optional.empty();
  }

  private static Optional<String> passwordHash(Transaction transaction, User user) {
    return transaction.find(
        "SELECT password_hash FROM users WHERE id = ? AND password_hash IS NOT NULL",
        (row, index) -> row.getString(1),
        user.id());
  }

  /** Whether nobody else is an owner. */
  public static boolean isOnlyOwner(Transaction transaction, User user) {
    return user.role() == Role.OWNER
        && transaction.number(
                "SELECT COUNT(*) FROM users WHERE role = ? AND deleted_at IS NULL",
                Role.OWNER.text())
            == 1;
  }

  /** Without an owner, nobody could make one. */
  private static void requireOtherOwner(Transaction transaction, User user) {
    if (isOnlyOwner(transaction, user)) {
      throw RequestException.unprocessable(
          "User `" + user.username() + "` is the only owner. Make another one first.");
    }
  }

  /**
   * Takes away a user's account and memberships; what they answered stays.
   *
   * @param deleterId who asks for it, which must be somebody else
   */
  public static void delete(Transaction transaction, User user, String deleterId) {
    if (user.id().equals(deleterId)) {
      throw RequestException.unprocessable("You cannot delete yourself. Ask another owner.");
    }
    requireOtherOwner(transaction, user);
    transaction.update("DELETE FROM credentials WHERE user_id = ?", user.id());
    transaction.update("DELETE FROM workspaces_users WHERE user_id = ?", user.id());
    transaction.update("DELETE FROM claims WHERE user_id = ?", user.id());
    transaction.update(
        "UPDATE users SET deleted_at = ? WHERE id = ?", transaction.now(), user.id());
    log(transaction, AuditAction.USER_DELETED, user);
  }

  static User user(ResultSet row, int index) throws SQLException {
    String role = row.getString("role");
    return new User(
        row.getString("id"),
        row.getString("username"),
        row.getString("first_name"),
        row.getString("last_name"),
        Role.of(role).orElseThrow(() -> new SQLException("no such role: " + role)),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
