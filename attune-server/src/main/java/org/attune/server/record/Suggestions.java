package org.attune.server.record;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.attune.feedback.record.Suggestion;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** What was proposed as answers. */
public final class Suggestions {

  private static final String UPSERT =
      "INSERT INTO suggestions (id, record_id, question_id, answer, score, agent, type,"
          + " inserted_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (record_id, question_id) DO UPDATE SET answer = excluded.answer,"
          + " score = excluded.score, agent = excluded.agent, type = excluded.type,"
          + " updated_at = excluded.updated_at";

  private Suggestions() {}

  public static StoredSuggestion get(Transaction transaction, String id) {
    return transaction
        .find("SELECT * FROM suggestions WHERE id = ?", Suggestions::suggestion, id)
        .orElseThrow(() -> RequestException.notFound("Suggestion", id));
  }

  public static Optional<StoredSuggestion> of(
      Transaction transaction, String recordId, String questionId) {
    return transaction.find(
        "SELECT * FROM suggestions WHERE record_id = ? AND question_id = ?",
        Suggestions::suggestion,
        recordId,
        questionId);
  }

  /** The suggestions for records, for questions that are still asked. */
  public static List<StoredSuggestion> of(Transaction transaction, Collection<String> recordIds) {
    return Placeholders.inPortions(
        recordIds,
        some ->
            transaction.list(
                "SELECT s.* FROM suggestions s JOIN questions q ON q.id = s.question_id"
                    + " WHERE q.retired_at IS NULL AND s.record_id IN ("
                    + Placeholders.of(some.size())
                    + ") ORDER BY q.place, s.id",
                Suggestions::suggestion,
                some.toArray()));
  }

  /** As {@link #of(Transaction, Collection)}, from the ids of the records. */
  public static Map<String, List<StoredSuggestion>> byRecord(
      Transaction transaction, Collection<String> recordIds) {
    return of(transaction, recordIds).stream()
        .collect(Collectors.groupingBy(StoredSuggestion::recordId));
  }

  /** A suggestion that was checked, for a record. */
  record Given(String recordId, long moment, Suggestion suggestion) {}

  static void put(Transaction transaction, DatasetSettings settings, List<Given> given) {
    List<@Nullable Object[]> rows = new ArrayList<>(given.size());
    for (Given one : given) {
      Map<String, @Nullable Object> json = settings.recordJson().write(one.suggestion());
      Object score = json.get("score");
      rows.add(
          new @Nullable Object[] {
            UUID.randomUUID().toString(),
            one.recordId(),
            json.get("question_id"),
            Json.write(json.get("value")),
            score == null ? null : Json.write(score),
            json.get("agent"),
            json.get("type"),
            one.moment(),
            one.moment()
          });
    }
    transaction.batch(UPSERT, rows);
  }

  static void deleteOf(Transaction transaction, String recordId) {
    transaction.update("DELETE FROM suggestions WHERE record_id = ?", recordId);
  }

  /** Deletes suggestions of one record; ids of others do nothing. */
  public static void delete(
      Transaction transaction, StoredRecord record, Collection<String> suggestionIds) {
    Records.touch(transaction, record.datasetId(), record.id());
    transaction.batch(
        "DELETE FROM suggestions WHERE id = ? AND record_id = ?",
        suggestionIds.stream().map(id -> new @Nullable Object[] {id, record.id()}).toList());
  }

  private static StoredSuggestion suggestion(ResultSet row, int index) throws SQLException {
    String score = row.getString("score");
    Object value = Json.value(row.getString("answer"));
    return new StoredSuggestion(
        row.getString("id"),
        row.getString("record_id"),
        row.getString("question_id"),
        value == null ? "" : value,
        score == null ? null : Json.value(score),
        row.getString("agent"),
        row.getString("type"),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
