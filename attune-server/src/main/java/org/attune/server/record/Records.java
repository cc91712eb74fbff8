package org.attune.server.record;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The records in the database. */
public final class Records {

  private Records() {}

  public static StoredRecord get(Transaction transaction, String id) {
    return find(transaction, id).orElseThrow(() -> RequestException.notFound("Record", id));
  }

  public static Optional<StoredRecord> find(Transaction transaction, String id) {
    return transaction.find("SELECT * FROM records WHERE id = ?", Records::record, id);
  }

  /** The records with these ids, in the order of the ids; those that are gone are left out. */
  public static List<StoredRecord> withIds(Transaction transaction, Collection<String> ids) {
    Map<String, StoredRecord> found = new LinkedHashMap<>();
    ids.forEach(id -> found.put(id, null));
    Placeholders.inPortions(
            ids,
            some ->
                transaction.list(
                    "SELECT * FROM records WHERE id IN (" + Placeholders.of(some.size()) + ")",
                    Records::record,
                    some.toArray()))
        .forEach(record -> found.put(record.id(), record));
    return found.values().stream().filter(record -> record != null).toList();
  }

  /** The records of a dataset that have these external ids. */
  public static List<StoredRecord> withExternalIds(
      Transaction transaction, Dataset dataset, Collection<String> externalIds) {
    return Placeholders.inPortions(
        externalIds,
        some -> {
          List<Object> parameters = new ArrayList<>(some);
          parameters.add(dataset.id());
          return transaction.list(
              "SELECT * FROM records WHERE external_id IN ("
                  + Placeholders.of(some.size())
                  + ") AND dataset_id = ?",
              Records::record,
              parameters.toArray());
        });
  }

  /** Records in the order in which they came. */
  public static List<StoredRecord> page(
      Transaction transaction, Dataset dataset, long offset, int limit) {
    return transaction.list(
        "SELECT r.* FROM records r JOIN (SELECT seq FROM records WHERE dataset_id = ?"
            + " ORDER BY inserted_at, seq LIMIT ? OFFSET ?) p ON p.seq = r.seq"
            + " ORDER BY r.inserted_at, r.seq",
        Records::record,
        dataset.id(),
        limit,
        offset);
  }

  /**
   * The next records in their order, however far the way.
   *
   * @param recordId the one before them, or null to begin
   */
  public static List<StoredRecord> after(
      Transaction transaction, Dataset dataset, @Nullable String recordId, int limit) {
    return recordId == null
        ? page(transaction, dataset, 0, limit)
        : transaction.list(
            "SELECT r.* FROM records r WHERE r.dataset_id = ? AND (r.inserted_at, r.seq) >"
                + " (SELECT b.inserted_at, b.seq FROM records b WHERE b.id = ?)"
                + " ORDER BY r.inserted_at, r.seq LIMIT ?",
            Records::record,
            dataset.id(),
            recordId,
            limit);
  }

  public static long count(Transaction transaction, Dataset dataset) {
    return transaction.number("SELECT COUNT(*) FROM records WHERE dataset_id = ?", dataset.id());
  }

  public static long countCompleted(Transaction transaction, Dataset dataset) {
    return transaction.number(
        "SELECT COUNT(*) FROM records WHERE dataset_id = ? AND status = 'completed'", dataset.id());
  }

  /** Deletes records of the dataset, and leaves word for the index; ids of others do nothing. */
  public static void delete(Transaction transaction, Dataset dataset, Collection<String> ids) {
    long revision = Datasets.nextRevision(transaction, dataset.id());
    List<StoredRecord> gone =
        withIds(transaction, ids).stream()
            .filter(record -> record.datasetId().equals(dataset.id()))
            .toList();
    if (!gone.isEmpty()) {
      transaction.tell(new RecordChange(RecordChange.Kind.DELETED, dataset.id(), gone));
    }
    transaction.batch(
        "INSERT INTO removed_records (dataset_id, record_id, revision) VALUES (?, ?, ?)",
        gone.stream()
            .map(record -> new @Nullable Object[] {dataset.id(), record.id(), revision})
            .toList());
    transaction.batch(
        "DELETE FROM records WHERE id = ?",
        gone.stream().map(record -> new @Nullable Object[] {record.id()}).toList());
    AuditLog.add(
        transaction,
        AuditAction.RECORDS_DELETED,
        "dataset",
        dataset.id(),
        Map.of("records", gone.stream().map(StoredRecord::id).toList()));
  }

  /** Marks a record as changed, so that the index reads it again. */
  static void touch(Transaction transaction, String datasetId, String recordId) {
    long revision = Datasets.nextRevision(transaction, datasetId);
    transaction.update("UPDATE records SET revision = ? WHERE id = ?", revision, recordId);
    tell(transaction, RecordChange.Kind.UPDATED, datasetId, List.of(recordId));
  }

  /** Tells of records as they are now, if anybody listens. */
  static void tell(
      Transaction transaction, RecordChange.Kind kind, String datasetId, Collection<String> ids) {
    if (!ids.isEmpty() && transaction.isHeard()) {
      transaction.tell(new RecordChange(kind, datasetId, withIds(transaction, ids)));
    }
  }

  static StoredRecord record(ResultSet row, int index) throws SQLException {
    String metadata = row.getString("metadata");
    return new StoredRecord(
        row.getString("id"),
        row.getString("dataset_id"),
        row.getString("external_id"),
        Json.object(row.getString("fields")),
        metadata == null ? null : Json.object(metadata),
        row.getString("status").equals("completed"),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
