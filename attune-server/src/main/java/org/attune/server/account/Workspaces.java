package org.attune.server.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;

/** The workspaces in the database, and who belongs to them. */
public final class Workspaces {

  private static final String COLUMNS = "w.id, w.name, w.inserted_at, w.updated_at";

  private Workspaces() {}

  public static Workspace create(Transaction transaction, String name) {
    if (byName(transaction, name).isPresent()) {
      throw RequestException.exists(
          "Workspace", name, "Workspace with name `" + name + "` already exists");
    }
    long now = transaction.now();
    Workspace workspace = new Workspace(UUID.randomUUID().toString(), name, now, now);
    transaction.update(
        "INSERT INTO workspaces (id, name, inserted_at, updated_at) VALUES (?, ?, ?, ?)",
        workspace.id(),
        name,
        now,
        now);
    log(transaction, AuditAction.WORKSPACE_CREATED, workspace, Map.of());
    return workspace;
  }

  public static Workspace get(Transaction transaction, String id) {
    return find(transaction, id).orElseThrow(() -> RequestException.notFound("Workspace", id));
  }

  public static Optional<Workspace> find(Transaction transaction, String id) {
    return transaction.find(
        "SELECT " + COLUMNS + " FROM workspaces w WHERE w.id = ?", Workspaces::workspace, id);
  }

  public static Optional<Workspace> byName(Transaction transaction, String name) {
    return transaction.find(
        "SELECT " + COLUMNS + " FROM workspaces w WHERE w.name = ?", Workspaces::workspace, name);
  }

  public static List<Workspace> all(Transaction transaction) {
    return transaction.list(
        "SELECT " + COLUMNS + " FROM workspaces w ORDER BY w.inserted_at, w.id",
        Workspaces::workspace);
  }

  public static List<Workspace> ofUser(Transaction transaction, String userId) {
    return transaction.list(
        "SELECT "
            + COLUMNS
            + " FROM workspaces w JOIN workspaces_users m ON m.workspace_id = w.id"
            + " WHERE m.user_id = ? ORDER BY w.inserted_at, w.id",
        Workspaces::workspace,
        userId);
  }

  public static void delete(Transaction transaction, Workspace workspace) {
    long datasets =
        transaction.number("SELECT COUNT(*) FROM datasets WHERE workspace_id = ?", workspace.id());
    if (datasets > 0) {
      throw RequestException.conflict(
          "Cannot delete the workspace "
              + workspace.id()
              + ". This workspace has some datasets linked: "
              + datasets
              + ". Delete them first.");
    }
    transaction.update("DELETE FROM workspaces WHERE id = ?", workspace.id());
    log(transaction, AuditAction.WORKSPACE_DELETED, workspace, Map.of());
  }

  public static boolean isMember(Transaction transaction, Workspace workspace, User user) {
    return transaction.number(
            "SELECT COUNT(*) FROM workspaces_users WHERE workspace_id = ? AND user_id = ?",
            workspace.id(),
            user.id())
        > 0;
  }

  public static void addMember(Transaction transaction, Workspace workspace, User user) {
    if (isMember(transaction, workspace, user)) {
      throw RequestException.exists(
          "User",
          user.id(),
          "User with id `"
              + user.id()
              + "` is already a member of the workspace `"
              + workspace.name()
              + "`");
    }
    transaction.update(
        "INSERT INTO workspaces_users (workspace_id, user_id, inserted_at) VALUES (?, ?, ?)",
        workspace.id(),
        user.id(),
        transaction.now());
    log(transaction, AuditAction.MEMBER_ADDED, workspace, Map.of("member", user.username()));
  }

  public static void removeMember(Transaction transaction, Workspace workspace, User user) {
    int removed =
        transaction.update(
            "DELETE FROM workspaces_users WHERE workspace_id = ? AND user_id = ?",
            workspace.id(),
            user.id());
    if (removed == 0) {
      throw RequestException.notFound("User", user.id());
    }
    log(transaction, AuditAction.MEMBER_REMOVED, workspace, Map.of("member", user.username()));
  }

  private static void log(
      Transaction transaction,
      AuditAction action,
      Workspace workspace,
      Map<String, String> details) {
    Map<String, String> all = new TreeMap<>(details);
    all.put("name", workspace.name());
    AuditLog.add(transaction, action, "workspace", workspace.id(), all);
  }

  private static Workspace workspace(ResultSet row, int index) throws SQLException {
    return new Workspace(
        row.getString("id"),
        row.getString("name"),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
