package org.attune.server.dataset;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.attune.server.account.Workspace;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The datasets in the database. */
public final class Datasets {

  /** The order of a dataset that nobody gave another: as the records came. */
  public static final String IN_ORDER = "inserted";

  private static final String SELECT = "SELECT d.* FROM datasets d";

  private Datasets() {}

  public static Dataset create(
      Transaction transaction,
      Workspace workspace,
      String name,
      @Nullable String guidelines,
      boolean allowExtraMetadata,
      int minSubmitted,
      @Nullable Map<String, @Nullable Object> metadata) {
    requireFree(transaction, workspace.id(), name);
    String id = UUID.randomUUID().toString();
    long now = transaction.now();
    transaction.update(
        "INSERT INTO datasets (id, workspace_id, name, guidelines, allow_extra_metadata, status,"
            + " min_submitted, record_order, metadata, settings_version, revision,"
            + " last_activity_at, inserted_at, updated_at)"
            + " VALUES (?, ?, ?, ?, ?, 'draft', ?, ?, ?, 1, 0, ?, ?, ?)",
        id,
        workspace.id(),
        name,
        guidelines,
        allowExtraMetadata,
        minSubmitted,
        IN_ORDER,
        metadata == null ? null : Json.write(metadata),
        now,
        now,
        now);
    return told(transaction, DatasetChange.Kind.CREATED, AuditAction.DATASET_CREATED, id);
  }

  /** What listeners and the audit log are to know of a change that was made. */
  private static Dataset told(
      Transaction transaction, DatasetChange.Kind kind, AuditAction action, String id) {
    Dataset dataset = get(transaction, id);
    transaction.tell(new DatasetChange(kind, dataset));
    log(transaction, action, dataset);
    return dataset;
  }

  private static void requireFree(Transaction transaction, String workspaceId, String name) {
    long same =
        transaction.number(
            "SELECT COUNT(*) FROM datasets WHERE workspace_id = ? AND name = ?", workspaceId, name);
    if (same > 0) {
      throw RequestException.conflict(
          "Dataset with name `"
              + name
              + "` already exists for workspace with id `"
              + workspaceId
              + "`");
    }
  }

  public static Dataset get(Transaction transaction, String id) {
    return find(transaction, id).orElseThrow(() -> RequestException.notFound("Dataset", id));
  }

  public static Optional<Dataset> find(Transaction transaction, String id) {
    return transaction.find(SELECT + " WHERE d.id = ?", Datasets::dataset, id);
  }

  public static List<Dataset> all(Transaction transaction) {
    return transaction.list(SELECT + " ORDER BY d.inserted_at, d.id", Datasets::dataset);
  }

  public static List<Dataset> ofUser(Transaction transaction, String userId) {
    return transaction.list(
        SELECT
            + " JOIN workspaces_users m ON m.workspace_id = d.workspace_id"
            + " WHERE m.user_id = ? ORDER BY d.inserted_at, d.id",
        Datasets::dataset,
        userId);
  }

  /** Writes what can be changed at any time. */
  public static Dataset update(Transaction transaction, Dataset before, Dataset after) {
    if (!before.name().equals(after.name())) {
      requireFree(transaction, before.workspaceId(), after.name());
    }
    Map<String, @Nullable Object> metadata = after.metadata();
    transaction.update(
        "UPDATE datasets SET name = ?, guidelines = ?, allow_extra_metadata = ?,"
            + " min_submitted = ?, max_submitted = ?, quota = ?, record_order = ?, metadata = ?,"
            + " settings_version = settings_version + 1, updated_at = ? WHERE id = ?",
        after.name(),
        after.guidelines(),
        after.allowExtraMetadata(),
        after.minSubmitted(),
        after.maxSubmitted(),
        after.quota(),
        after.order(),
        metadata == null ? null : Json.write(metadata),
        transaction.now(),
        before.id());
    return told(transaction, DatasetChange.Kind.UPDATED, AuditAction.DATASET_CHANGED, before.id());
  }

  /** Opens a draft for records. Its settings were checked. */
  public static Dataset publish(Transaction transaction, Dataset dataset) {
    transaction.update(
        "UPDATE datasets SET status = 'ready', updated_at = ? WHERE id = ?",
        transaction.now(),
        dataset.id());
    return told(
        transaction, DatasetChange.Kind.PUBLISHED, AuditAction.DATASET_PUBLISHED, dataset.id());
  }

  /** Deletes a dataset with everything in it. */
  public static void delete(Transaction transaction, Dataset dataset) {
    transaction.tell(new DatasetChange(DatasetChange.Kind.DELETED, dataset));
    transaction.update("DELETE FROM datasets WHERE id = ?", dataset.id());
    log(transaction, AuditAction.DATASET_DELETED, dataset);
  }

  private static void log(Transaction transaction, AuditAction action, Dataset dataset) {
    AuditLog.add(transaction, action, "dataset", dataset.id(), Map.of("name", dataset.name()));
  }

  /** Tells that the settings changed, so that what was made from the former ones is made anew. */
  static void settingsChanged(Transaction transaction, String datasetId) {
    transaction.update(
        "UPDATE datasets SET settings_version = settings_version + 1, updated_at = ? WHERE id = ?",
        transaction.now(),
        datasetId);
  }

  /** Makes others wait who change the dataset's records, until the transaction ends. */
  public static void hold(Transaction transaction, String datasetId) {
    transaction.update("UPDATE datasets SET revision = revision WHERE id = ?", datasetId);
  }

  /**
   * The number of a change of the dataset's records. Whoever takes one holds the dataset until the
   * transaction ends, so that others who change its records wait, and revisions appear in order.
   */
  public static long nextRevision(Transaction transaction, String datasetId) {
    transaction.update(
        "UPDATE datasets SET revision = revision + 1, last_activity_at = ? WHERE id = ?",
        transaction.now(),
        datasetId);
    return transaction.number("SELECT revision FROM datasets WHERE id = ?", datasetId);
  }

  private static Dataset dataset(ResultSet row, int index) throws SQLException {
    String metadata = row.getString("metadata");
    return new Dataset(
        row.getString("id"),
        row.getString("workspace_id"),
        row.getString("name"),
        row.getString("guidelines"),
        row.getBoolean("allow_extra_metadata"),
        row.getString("status").equals("ready"),
        row.getInt("min_submitted"),
        optional(row, "max_submitted"),
        optional(row, "quota"),
        row.getString("record_order"),
        metadata == null ? null : Json.object(metadata),
        row.getInt("settings_version"),
        row.getLong("revision"),
        row.getLong("last_activity_at"),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }

  private static @Nullable Integer optional(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }
}
