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
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.feedback.validation.Problems;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** What people answered, every state of it, and which records it completes. */
public final class Responses {

  private static final String UPSERT =
      "INSERT INTO responses (id, record_id, dataset_id, user_id, status, answers, inserted_at,"
          + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (record_id, user_id) DO UPDATE SET status = excluded.status,"
          + " answers = excluded.answers, updated_at = excluded.updated_at";
  private static final String REVISION =
      "INSERT INTO response_revisions (record_id, dataset_id, user_id, author_id, status, answers,"
          + " inserted_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String JUDGE =
      "UPDATE records SET revision = ?, status = CASE WHEN (SELECT COUNT(*) FROM responses r"
          + " WHERE r.record_id = records.id AND r.status = 'submitted') >= ?"
          + " THEN 'completed' ELSE 'pending' END";

  private Responses() {}

  public static StoredResponse get(Transaction transaction, String id) {
    return transaction
        .find("SELECT * FROM responses WHERE id = ?", Responses::response, id)
        .orElseThrow(() -> RequestException.notFound("Response", id));
  }

  public static Optional<StoredResponse> of(
      Transaction transaction, String recordId, String userId) {
    return transaction.find(
        "SELECT * FROM responses WHERE record_id = ? AND user_id = ?",
        Responses::response,
        recordId,
        userId);
  }

  /**
   * The responses to records, in the order in which they were first given.
   *
   * @param userId of whom, or null for everybody's
   */
  public static List<StoredResponse> of(
      Transaction transaction, Collection<String> recordIds, @Nullable String userId) {
    return Placeholders.inPortions(
        recordIds,
        some -> {
          List<@Nullable Object> parameters = new ArrayList<>(some);
          String ofUser = "";
          if (userId != null) {
            ofUser = " AND user_id = ?";
            parameters.add(userId);
          }
          return transaction.list(
              "SELECT * FROM responses WHERE record_id IN ("
                  + Placeholders.of(some.size())
                  + ")"
                  + ofUser
                  + " ORDER BY inserted_at, id",
              Responses::response,
              parameters.toArray());
        });
  }

  /** As {@link #of(Transaction, Collection, String)}, from the ids of the records. */
  public static Map<String, List<StoredResponse>> byRecord(
      Transaction transaction, Collection<String> recordIds, @Nullable String userId) {
    return of(transaction, recordIds, userId).stream()
        .collect(Collectors.groupingBy(StoredResponse::recordId));
  }

  /**
   * Puts a user's response to a record in the place of an earlier one.
   *
   * @param body the JSON of a response, its status and values
   * @param authorId who does it, mostly the user
   */
  public static StoredResponse put(
      Transaction transaction,
      DatasetSettings settings,
      StoredRecord record,
      String userId,
      String authorId,
      Map<String, @Nullable Object> body) {
    Response response = read(settings, record, userId, body);
    long revision = Datasets.nextRevision(transaction, record.datasetId());
    put(
        transaction,
        settings,
        List.of(new Given(record.id(), transaction.now(), response)),
        authorId,
        revision);
    if (response.status() != ResponseStatus.DRAFT) {
      Claims.end(transaction, record.id(), userId);
    }
    return of(transaction, record.id(), userId)
        .orElseThrow(() -> RequestException.notFound("Record", record.id()));
  }

  private static Response read(
      DatasetSettings settings,
      StoredRecord record,
      String userId,
      Map<String, @Nullable Object> body) {
    Problems problems = Problems.none();
    Response response = settings.recordJson().readResponse(body, userId, problems);
    FeedbackRecord.Builder about = FeedbackRecord.builder().id(record.id());
    record
        .fields()
        .forEach(
            (name, value) -> {
              if (value != null) {
                about.field(name, value);
              }
            });
    settings.rules().check(response, about.build(), problems);
    if (response.isSubmitted() && response.values().isEmpty()) {
      problems.add(
          "values", "must not be empty in a submitted response", null, "Answer a question.");
    }
    problems.throwIfAny("the response to record " + record.id());
    return response;
  }

  /** A response that was checked, for a record. */
  record Given(String recordId, long moment, Response response) {}

  /**
   * Writes responses that were checked, each in the place of an earlier one of its user, and finds
   * out which records they complete.
   */
  static void put(
      Transaction transaction,
      DatasetSettings settings,
      List<Given> given,
      String authorId,
      long revision) {
    List<String> recordIds = given.stream().map(Given::recordId).distinct().toList();
    ResponseTelling telling = ResponseTelling.before(transaction, recordIds);
    write(transaction, settings, given, authorId);
    judge(transaction, settings.dataset(), recordIds, revision);
    telling.put(given);
  }

  private static void write(
      Transaction transaction, DatasetSettings settings, List<Given> given, String authorId) {
    String datasetId = settings.dataset().id();
    List<@Nullable Object[]> rows = new ArrayList<>(given.size());
    List<@Nullable Object[]> revisions = new ArrayList<>(given.size());
    for (Given one : given) {
      Response response = one.response();
      String answers = Json.write(settings.recordJson().values(response));
      String status = response.status().key();
      rows.add(
          new @Nullable Object[] {
            UUID.randomUUID().toString(),
            one.recordId(),
            datasetId,
            response.userId(),
            status,
            answers,
            one.moment(),
            one.moment()
          });
      revisions.add(
          new @Nullable Object[] {
            one.recordId(), datasetId, response.userId(), authorId, status, answers, one.moment()
          });
    }
    transaction.batch(UPSERT, rows);
    transaction.batch(REVISION, revisions);
  }

  /** How many responses of a status a person has in a dataset. */
  public static long count(
      Transaction transaction, String datasetId, String userId, String status) {
    return transaction.number(
        "SELECT COUNT(*) FROM responses WHERE dataset_id = ? AND user_id = ? AND status = ?",
        datasetId,
        userId,
        status);
  }

  /** Adds to the time that a person spent on a record. */
  public static void addSeconds(
      Transaction transaction, String recordId, String userId, double seconds) {
    transaction.update(
        "UPDATE responses SET seconds = COALESCE(seconds, 0) + ?"
            + " WHERE record_id = ? AND user_id = ?",
        seconds,
        recordId,
        userId);
  }

  /** Deletes a response; its revisions stay, and say who deleted it. */
  public static void delete(
      Transaction transaction, Dataset dataset, StoredResponse response, String authorId) {
    long revision = Datasets.nextRevision(transaction, dataset.id());
    List<String> recordIds = List.of(response.recordId());
    ResponseTelling telling = ResponseTelling.before(transaction, recordIds);
    transaction.update("DELETE FROM responses WHERE id = ?", response.id());
    transaction.update(
        REVISION,
        response.recordId(),
        dataset.id(),
        response.userId(),
        authorId,
        "deleted",
        "{}",
        transaction.now());
    judge(transaction, dataset, recordIds, revision);
    telling.deleted(response);
  }

  /** Finds out anew which of these records are completed. */
  private static void judge(
      Transaction transaction, Dataset dataset, Collection<String> recordIds, long revision) {
    transaction.batch(
        JUDGE + " WHERE id = ?",
        recordIds.stream()
            .map(id -> new @Nullable Object[] {revision, dataset.minSubmitted(), id})
            .toList());
  }

  /** Finds out anew which records of the dataset are completed, since the rule changed. */
  public static void judgeAll(Transaction transaction, Dataset dataset) {
    long revision = Datasets.nextRevision(transaction, dataset.id());
    ResponseTelling telling = ResponseTelling.beforeAll(transaction, dataset.id());
    transaction.update(
        JUDGE + " WHERE dataset_id = ?", revision, dataset.minSubmitted(), dataset.id());
    telling.completed();
  }

  private static StoredResponse response(ResultSet row, int index) throws SQLException {
    return new StoredResponse(
        row.getString("id"),
        row.getString("record_id"),
        row.getString("user_id"),
        row.getString("status"),
        Json.object(row.getString("answers")),
        row.getLong("inserted_at"),
        row.getLong("updated_at"));
  }
}
