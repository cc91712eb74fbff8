package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Suggestions;
import org.attune.server.record.Vectors;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Records as Argilla's routes show them: parts that were not asked for are left out, and those that
 * were are never null.
 */
final class RecordView {

  private final DatasetSettings settings;
  private final Include include;
  private final @Nullable String userId;
  private final Set<String> hiddenMetadata;

  /**
   * A view of a dataset's records.
   *
   * @param userId whose responses to show, or null for everybody's
   * @param viewer who is shown the records
   */
  RecordView(DatasetSettings settings, Include include, @Nullable String userId, SignedIn viewer) {
    this.settings = settings;
    this.include = include.checkedFor(settings);
    this.userId = userId;
    this.hiddenMetadata = settings.metadataHiddenFrom(viewer);
  }

  List<Map<String, @Nullable Object>> of(Transaction transaction, List<StoredRecord> records) {
    List<String> ids = records.stream().map(StoredRecord::id).toList();
    Map<String, List<StoredResponse>> responses =
        include.responses() ? Responses.byRecord(transaction, ids, userId) : Map.of();
    Map<String, List<StoredSuggestion>> suggestions =
        include.suggestions() ? Suggestions.byRecord(transaction, ids) : Map.of();
    Map<String, List<Vectors.Stored>> vectors =
        include.vectors() ? Vectors.byRecord(transaction, ids, include.vectorNames()) : Map.of();
    List<Map<String, @Nullable Object>> views = new ArrayList<>(records.size());
    for (StoredRecord record : records) {
      Map<String, @Nullable Object> json = record(record, hiddenMetadata);
      if (include.responses()) {
        json.put(
            "responses",
            responses.getOrDefault(record.id(), List.of()).stream().map(this::response).toList());
      }
      if (include.suggestions()) {
        json.put(
            "suggestions",
            suggestions.getOrDefault(record.id(), List.of()).stream()
                .map(RecordView::suggestion)
                .toList());
      }
      if (include.vectors()) {
        json.put("vectors", Vectors.json(vectors.getOrDefault(record.id(), List.of())));
      }
      views.add(json);
    }
    return views;
  }

  /** A record as those see it who manage it. */
  static Map<String, @Nullable Object> record(StoredRecord record) {
    return record(record, Set.of());
  }

  private static Map<String, @Nullable Object> record(
      StoredRecord record, Set<String> hiddenMetadata) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", record.id());
    json.put("status", record.completed() ? "completed" : "pending");
    json.put("fields", record.fields());
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    if (record.metadata() != null) {
      metadata.putAll(record.metadata());
    }
    metadata.keySet().removeAll(hiddenMetadata);
    json.put("metadata", metadata);
    json.put("external_id", record.externalId());
    json.put("dataset_id", record.datasetId());
    json.put("inserted_at", Moments.text(record.insertedAt()));
    json.put("updated_at", Moments.text(record.updatedAt()));
    return json;
  }

  private Map<String, @Nullable Object> response(StoredResponse response) {
    return response(settings, response);
  }

  /** A response, with the answers to questions that are still asked. */
  static Map<String, @Nullable Object> response(DatasetSettings settings, StoredResponse response) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(response.values());
    values.keySet().retainAll(settings.questionIds().keySet());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", response.id());
    json.put("values", values);
    json.put("status", response.status());
    json.put("record_id", response.recordId());
    json.put("user_id", response.userId());
    json.put("inserted_at", Moments.text(response.insertedAt()));
    json.put("updated_at", Moments.text(response.updatedAt()));
    return json;
  }

  static Map<String, @Nullable Object> suggestion(StoredSuggestion suggestion) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", suggestion.id());
    json.put("question_id", suggestion.questionId());
    json.put("type", suggestion.type());
    json.put("value", suggestion.value());
    json.put("agent", suggestion.agent());
    json.put("score", suggestion.score());
    json.put("inserted_at", Moments.text(suggestion.insertedAt()));
    json.put("updated_at", Moments.text(suggestion.updatedAt()));
    return json;
  }
}
