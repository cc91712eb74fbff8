package org.attune.feedback.client;

import static org.attune.feedback.client.Connection.encoded;
import static org.attune.feedback.client.Connection.items;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.attune.feedback.argilla.QueryJson;
import org.attune.feedback.query.RecordQuery;
import org.attune.feedback.query.Similarity;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.jspecify.annotations.Nullable;

/**
 * A dataset on a server. Nothing of it is kept here but its settings, which are asked for once.
 *
 * <p>Every method asks the server and throws {@link FeedbackClientException} if it refuses or
 * cannot be reached.
 */
public final class RemoteDataset {

  private static final int MOST_IDS = 100;

  private final Connection connection;
  private final Workspace workspace;
  private final String id;
  private final String name;
  private @Nullable RemoteSettings settings;

  private RemoteDataset(Connection connection, Workspace workspace, String id, String name) {
    this.connection = connection;
    this.workspace = workspace;
    this.id = id;
    this.name = name;
  }

  static RemoteDataset of(Connection connection, Workspace workspace, Object plain) {
    Map<?, ?> map = plain instanceof Map<?, ?> given ? given : Map.of();
    return new RemoteDataset(
        connection, workspace, String.valueOf(map.get("id")), String.valueOf(map.get("name")));
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  public Workspace workspace() {
    return workspace;
  }

  /** What the dataset's records hold and what people are asked about them. */
  public FeedbackSettings settings() {
    return loaded().settings();
  }

  private RemoteSettings loaded() {
    RemoteSettings known = settings;
    if (known == null) {
      known = RemoteSettings.load(connection, id, name);
      settings = known;
    }
    return known;
  }

  /** Whether it takes records; a draft does not. */
  public boolean isPublished() {
    return "ready".equals(dataset().get("status"));
  }

  /** How many submitted responses complete a record. */
  public int minSubmitted() {
    return dataset().get("distribution") instanceof Map<?, ?> distribution
            && distribution.get("min_submitted") instanceof Integer least
        ? least
        : 1;
  }

  private Map<?, ?> dataset() {
    return connection.get("tell about " + name, path(""));
  }

  /** How far the dataset has come. */
  public Progress progress() {
    Map<?, ?> map = connection.get("tell the progress of " + name, path("/progress"));
    return new Progress(number(map, "total"), number(map, "completed"), number(map, "pending"));
  }

  private static void quietly(long count) {}

  private static long number(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number number ? number.longValue() : 0;
  }

  public long size() {
    return progress().total();
  }

  public long addRecords(FeedbackRecord... records) {
    return addRecords(Arrays.asList(records));
  }

  public long addRecords(Iterable<FeedbackRecord> records) {
    return addRecords(records, Map.of(), RemoteDataset::quietly);
  }

  /**
   * Adds records in batches; those whose external id is there already change the records that have
   * it. A record without an external id gets its id as one. Responses belong to the accounts that
   * their user ids name, be it by id or by username; those without a user, to the caller.
   *
   * @param users from user ids of the records to the ids or usernames of accounts, where they
   *     differ
   * @param progress is told after each batch how many records were sent
   * @return how many were sent
   * @throws org.attune.feedback.validation.InvalidFeedbackException if records of a batch break a
   *     rule; the batches before it have been sent
   */
  public long addRecords(
      Iterable<FeedbackRecord> records, Map<String, String> users, LongConsumer progress) {
    return upload(records.iterator(), users, progress, false);
  }

  /**
   * Changes records that came from the server: fields, metadata, and the suggestions, responses and
   * vectors that they have; others stay.
   */
  public long updateRecords(Iterable<FeedbackRecord> records) {
    return upload(records.iterator(), Map.of(), RemoteDataset::quietly, true);
  }

  private long upload(
      Iterator<FeedbackRecord> records,
      Map<String, String> users,
      LongConsumer progress,
      boolean known) {
    return new RecordUpload(
            connection,
            id,
            loaded().records(),
            new RecordRules(settings()),
            new UserIds(connection, workspace, users),
            progress)
        .send(records, known);
  }

  /** All records, with everything said about them, in the order in which they were added. */
  public Stream<FeedbackRecord> records() {
    return records(RecordQuery.all());
  }

  /**
   * The records that a query lets pass, read page by page while the stream is consumed. What
   * changes on the server meanwhile may be seen or not.
   */
  public Stream<FeedbackRecord> records(RecordQuery query) {
    return StreamSupport.stream(
        new RecordPages<>(offset -> page(query, offset, connection.settings().batch()), this::read),
        false);
  }

  private Map<?, ?> page(RecordQuery query, long offset, int limit) {
    String parameters =
        "offset=%d&limit=%d&include=responses&include=suggestions&include=vectors"
            .formatted(offset, limit);
    return query.isEverything()
        ? connection.get("list the records of " + name, path("/records?" + parameters))
        : connection.postAgain(
            "search the records of " + name,
            path("/records/search?" + parameters),
            QueryJson.write(query));
  }

  private FeedbackRecord read(Object item) {
    Object record =
        item instanceof Map<?, ?> map && map.containsKey("record") ? map.get("record") : item;
    return loaded().read(record);
  }

  /** How many records a query lets pass. */
  public long count(RecordQuery query) {
    return number(page(query, 0, 1), "total");
  }

  /** The best records for a query, with how well each fits. */
  public List<FoundRecord> search(RecordQuery query, int limit) {
    Map<?, ?> answer =
        connection.postAgain(
            "search the records of " + name,
            path(
                "/records/search?offset=0&limit=%d&include=responses&include=suggestions&include=vectors"
                    .formatted(limit)),
            QueryJson.write(query));
    List<FoundRecord> found = new ArrayList<>();
    for (Object item : items(answer)) {
      Object score = item instanceof Map<?, ?> map ? map.get("query_score") : null;
      found.add(
          new FoundRecord(read(item), score instanceof Number number ? number.doubleValue() : 0));
    }
    return found;
  }

  /** The records whose vectors are nearest. */
  public List<FoundRecord> findSimilar(Similarity similarity, int limit) {
    return search(RecordQuery.all().similarTo(similarity), limit);
  }

  /** The record of that id. */
  public FeedbackRecord record(String recordId) {
    return loaded()
        .read(connection.get("give the record " + recordId, "v1/records/" + encoded(recordId)));
  }

  public void deleteRecords(Collection<String> ids) {
    List<String> all = List.copyOf(ids);
    for (int start = 0; start < all.size(); start += MOST_IDS) {
      List<String> some = all.subList(start, Math.min(start + MOST_IDS, all.size()));
      connection.delete(
          "delete %d records of %s".formatted(some.size(), name),
          path("/records?ids=" + encoded(String.join(",", some))));
    }
  }

  /** Takes a suggestion, in the place of an earlier one for the same question. */
  public void suggest(String recordId, Suggestion suggestion) {
    connection.put(
        "take a suggestion for the record " + recordId,
        "v1/records/" + encoded(recordId) + "/suggestions",
        loaded().records().write(suggestion));
  }

  /**
   * Takes a suggestion for each of some records at once, all or none of them; nothing else of the
   * records changes.
   *
   * @param suggestions by the ids of at most 500 records
   */
  public void suggest(Map<String, Suggestion> suggestions) {
    List<Map<String, Object>> items = new ArrayList<>();
    suggestions.forEach(
        (recordId, suggestion) ->
            items.add(
                Map.of(
                    "id", recordId, "suggestions", List.of(loaded().records().write(suggestion)))));
    connection.put(
        "take %d suggestions for records of %s".formatted(items.size(), name),
        path("/records/bulk"),
        Map.of("items", items));
  }

  /** Deletes the suggestions for some questions. */
  public void deleteSuggestions(String recordId, String... questions) {
    String suggestions = "v1/records/" + encoded(recordId) + "/suggestions";
    List<String> questionIds = Arrays.stream(questions).map(loaded()::questionId).toList();
    List<String> ids =
        items(connection.get("list the suggestions for " + recordId, suggestions)).stream()
            .filter(
                item ->
                    item instanceof Map<?, ?> map
                        && questionIds.contains(String.valueOf(map.get("question_id"))))
            .map(item -> String.valueOf(((Map<?, ?>) item).get("id")))
            .toList();
    if (!ids.isEmpty()) {
      connection.delete(
          "delete the suggestions for " + recordId,
          suggestions + "?ids=" + encoded(String.join(",", ids)));
    }
  }

  /** Takes the caller's response to a record, in the place of an earlier one. */
  public void respond(String recordId, Response response) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("record_id", recordId);
    item.put("status", response.status().key());
    item.put("values", loaded().records().values(response));
    String what = "take a response to the record " + recordId;
    Map<?, ?> answer =
        connection.postAgain(what, "v1/me/responses/bulk", Map.of("items", List.of(item)));
    for (Object result : items(answer)) {
      if (result instanceof Map<?, ?> map && map.get("error") != null) {
        throw Refusal.of(422, map.get("error")).exception(what, connection.settings());
      }
    }
  }

  /** Deletes the dataset with all its records and responses. */
  public void delete() {
    connection.delete("delete the dataset " + name, path(""));
  }

  private String path(String rest) {
    return "v1/datasets/" + encoded(id) + rest;
  }

  @Override
  public String toString() {
    return workspace.name() + "/" + name;
  }
}
