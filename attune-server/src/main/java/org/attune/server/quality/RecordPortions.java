package org.attune.server.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
import org.attune.server.search.Hits;
import org.attune.server.search.Search;
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
  private final Search search;
  private final ExportChoice choice;
  private final boolean unified;

  /**
   * Portions of what somebody chose of a dataset.
   *
   * @param unified whether answers are unified; what a reviewer made final comes first
   */
  RecordPortions(
      Database database,
      Search search,
      DatasetSettings settings,
      ExportChoice choice,
      boolean unified) {
    this.database = database;
    this.search = search;
    this.settings = settings;
    this.choice = choice;
    this.unified = unified;
  }

  /** Gives each record to a sink, however many there are. */
  void to(RecordSink sink) {
    each(
        records -> {
          try {
            for (FeedbackRecord record : records) {
              sink.record(record);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
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
      List<StoredRecord> meant = meant(page);
      visitor.accept(database.read(transaction -> records(transaction, meant)));
      last = page.get(page.size() - 1).id();
    }
  }

  /** The index tells which of a portion are meant, so no search ever goes deep. */
  private List<StoredRecord> meant(List<StoredRecord> page) {
    if (choice.selection().isEverything()) {
      return page;
    }
    List<String> ids = page.stream().map(StoredRecord::id).toList();
    Set<String> found =
        search.find(settings, choice.selection().among(ids)).hits().stream()
            .map(Hits.Hit::recordId)
            .collect(Collectors.toSet());
    return page.stream().filter(record -> found.contains(record.id())).toList();
  }

  private List<FeedbackRecord> records(Transaction transaction, List<StoredRecord> page) {
    List<String> ids = page.stream().map(StoredRecord::id).toList();
    Map<String, List<StoredResponse>> responses = Responses.byRecord(transaction, ids, null);
    Map<String, List<StoredSuggestion>> suggestions = Suggestions.byRecord(transaction, ids);
    Map<String, Map<String, String>> adjudicated =
        unified ? Adjudications.byRecord(transaction, ids) : Map.of();
    List<FeedbackRecord> records = new ArrayList<>(page.size());
    for (StoredRecord stored : page) {
      List<StoredResponse> theirs =
          responses.getOrDefault(stored.id(), List.of()).stream().filter(this::isWanted).toList();
      if (theirs.isEmpty() && !choice.userIds().isEmpty()) {
        continue;
      }
      FeedbackRecord record =
          record(stored, theirs, suggestions.getOrDefault(stored.id(), List.of()));
      records.add(
          unified ? unified(record, adjudicated.getOrDefault(stored.id(), Map.of())) : record);
    }
    return records;
  }

  private boolean isWanted(StoredResponse response) {
    return choice.userIds().isEmpty() || choice.userIds().contains(response.userId());
  }

  private FeedbackRecord record(
      StoredRecord stored, List<StoredResponse> responses, List<StoredSuggestion> suggestions) {
    Map<String, @Nullable Object> json = new HashMap<>();
    json.put("id", stored.id());
    json.put("external_id", stored.externalId());
    json.put("fields", stored.fields());
    json.put("metadata", stored.metadata());
    json.put("responses", responses.stream().map(this::response).toList());
    json.put("suggestions", suggestions(suggestions));
    // what is stored was checked when it came
    return settings.recordJson().readRecord(json, Problems.none());
  }

  private Map<String, Object> response(StoredResponse response) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(response.values());
    values.keySet().retainAll(choice.questions());
    return Map.of("user_id", response.userId(), "status", response.status(), "values", values);
  }

  private List<Map<String, @Nullable Object>> suggestions(List<StoredSuggestion> suggestions) {
    Set<String> wanted = new HashSet<>();
    settings
        .questionIds()
        .forEach(
            (name, id) -> {
              if (choice.questions().contains(name)) {
                wanted.add(id);
              }
            });
    return suggestions.stream()
        .filter(suggestion -> wanted.contains(suggestion.questionId()))
        .map(RecordPortions::suggestion)
        .toList();
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

  private FeedbackRecord unified(FeedbackRecord record, Map<String, String> adjudicated) {
    FeedbackRecord.Builder builder = record.toBuilder();
    Map<String, String> ids = settings.questionIds();
    for (Question question : settings.feedback().questions()) {
      String name = question.name();
      if (!choice.questions().contains(name)) {
        continue;
      }
      String made = adjudicated.get(ids.getOrDefault(name, ""));
      Object plain = made == null ? null : Json.value(made);
      UnificationStrategy strategy = choice.strategies().get(name);
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
