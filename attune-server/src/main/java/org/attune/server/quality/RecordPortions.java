package org.attune.server.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.UnifiedAnswer;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.feedback.validation.Problems;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Suggestions;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** Reads a dataset's records in portions, each in a transaction of its own. */
final class RecordPortions {

  /** Where a unified answer comes from that a reviewer gave. */
  static final String ADJUDICATED = "adjudicated";

  private static final int PORTION = 500;

  private final Database database;
  private final DatasetSettings settings;
  private final @Nullable Map<String, UnificationStrategy> strategies;

  /**
   * Portions of a dataset.
   *
   * @param strategies how each question is unified, or null to leave answers as they are; what a
   *     reviewer made final comes first
   */
  RecordPortions(
      Database database,
      DatasetSettings settings,
      @Nullable Map<String, UnificationStrategy> strategies) {
    this.database = database;
    this.settings = settings;
    this.strategies = strategies;
  }

  void each(Consumer<List<FeedbackRecord>> visitor) {
    String last = null;
    while (true) {
      String after = last;
      List<StoredRecord> page =
          database.read(
              transaction -> Records.after(transaction, settings.dataset(), after, PORTION));
      if (page.isEmpty()) {
        return;
      }
      visitor.accept(database.read(transaction -> records(transaction, page)));
      last = page.get(page.size() - 1).id();
    }
  }

  private List<FeedbackRecord> records(Transaction transaction, List<StoredRecord> page) {
    List<String> ids = page.stream().map(StoredRecord::id).toList();
    Map<String, List<StoredResponse>> responses = Responses.byRecord(transaction, ids, null);
    Map<String, List<StoredSuggestion>> suggestions = Suggestions.byRecord(transaction, ids);
    Map<String, Map<String, String>> adjudicated =
        strategies == null ? Map.of() : Adjudications.byRecord(transaction, ids);
    List<FeedbackRecord> records = new ArrayList<>(page.size());
    for (StoredRecord stored : page) {
      FeedbackRecord record =
          record(
              stored,
              responses.getOrDefault(stored.id(), List.of()),
              suggestions.getOrDefault(stored.id(), List.of()));
      records.add(
          strategies == null
              ? record
              : unified(record, strategies, adjudicated.getOrDefault(stored.id(), Map.of())));
    }
    return records;
  }

  private FeedbackRecord record(
      StoredRecord stored, List<StoredResponse> responses, List<StoredSuggestion> suggestions) {
    Map<String, @Nullable Object> json = new HashMap<>();
    json.put("id", stored.id());
    json.put("external_id", stored.externalId());
    json.put("fields", stored.fields());
    json.put("metadata", stored.metadata());
    json.put("responses", responses.stream().map(this::response).toList());
    json.put("suggestions", suggestions.stream().map(RecordPortions::suggestion).toList());
    // what is stored was checked when it came
    return settings.recordJson().readRecord(json, Problems.none());
  }

  private Map<String, Object> response(StoredResponse response) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(response.values());
    values.keySet().retainAll(settings.questionIds().keySet());
    return Map.of("user_id", response.userId(), "status", response.status(), "values", values);
  }

  private static Map<String, @Nullable Object> suggestion(StoredSuggestion suggestion) {
    Map<String, @Nullable Object> json = new HashMap<>();
    json.put("question_id", suggestion.questionId());
    json.put("value", suggestion.value());
    json.put("score", suggestion.score());
    json.put("agent", suggestion.agent());
    json.put("type", suggestion.type());
    return json;
  }

  private FeedbackRecord unified(
      FeedbackRecord record,
      Map<String, UnificationStrategy> chosen,
      Map<String, String> adjudicated) {
    FeedbackRecord.Builder builder = record.toBuilder();
    Map<String, String> ids = settings.questionIds();
    for (Question question : settings.feedback().questions()) {
      String name = question.name();
      String made = adjudicated.get(ids.getOrDefault(name, ""));
      Object plain = made == null ? null : Json.value(made);
      UnificationStrategy strategy = chosen.get(name);
      List<Object> answers = record.answers(name).toList();
      if (plain != null) {
        builder.unified(
            name, List.of(new UnifiedAnswer(AnswerJson.read(question, plain), ADJUDICATED)));
      } else if (strategy != null && !answers.isEmpty()) {
        builder.unified(
            name,
            strategy.unify(question, answers).stream()
                .map(answer -> new UnifiedAnswer(answer, strategy.key()))
                .toList());
      }
    }
    return builder.build();
  }
}
