package org.attune.server.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.lucene.document.Document;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Suggestions;
import org.attune.server.record.Vectors;
import org.attune.server.storage.Database;

/** The records of a dataset in the order in which they last changed, as documents of the index. */
final class RecordFeed {

  private static final int PORTION = 1000;

  /** Counts how documents were made; an index of another count is made anew. */
  private static final String EDITION = "edition:2;";

  private final Database database;
  private final DatasetSettings settings;

  RecordFeed(Database database, DatasetSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /** A place in the feed: a revision, and within it a record. */
  record Position(long revision, long sequence) {}

  /** A record to index anew. */
  record Entry(String recordId, Document document) {}

  /** Some records, and the place after them. */
  record Portion(List<Entry> documents, Position end) {}

  /** What decides how documents look; where it changes, all have to be made anew. */
  static String shape(DatasetSettings settings) {
    return EDITION
        + settings.fields().stream()
            .map(field -> field.value().name())
            .collect(Collectors.joining(",", "fields:", ";"))
        + settings.questions().stream()
            .map(question -> question.value().name() + ":" + question.value().type())
            .collect(Collectors.joining(",", "questions:", ";"))
        + settings.metadataProperties().stream()
            .map(property -> property.value().name() + ":" + property.value().getClass().getName())
            .collect(Collectors.joining(",", "metadata:", ";"))
        + settings.vectors().stream()
            .map(vector -> vector.value().name() + ":" + vector.value().dimensions())
            .collect(Collectors.joining(",", "unit vectors:", ";"));
  }

  private record Place(String recordId, Position position) {}

  Portion after(Position position) {
    return database.read(
        transaction -> {
          List<Place> places =
              transaction.list(
                  "SELECT id, revision, seq FROM records WHERE dataset_id = ?"
                      + " AND (revision > ? OR (revision = ? AND seq > ?))"
                      + " ORDER BY revision, seq LIMIT ?",
                  (row, index) ->
                      new Place(
                          row.getString("id"),
                          new Position(row.getLong("revision"), row.getLong("seq"))),
                  settings.dataset().id(),
                  position.revision(),
                  position.revision(),
                  position.sequence(),
                  PORTION);
          List<String> ids = places.stream().map(Place::recordId).toList();
          Map<String, List<StoredResponse>> responses = Responses.byRecord(transaction, ids, null);
          Map<String, List<StoredSuggestion>> suggestions = Suggestions.byRecord(transaction, ids);
          Map<String, List<Vectors.Stored>> vectors = Vectors.byRecord(transaction, ids, null);
          Map<String, Long> sequences = new HashMap<>();
          places.forEach(place -> sequences.put(place.recordId(), place.position().sequence()));
          List<Entry> entries = new ArrayList<>(ids.size());
          for (StoredRecord record : Records.withIds(transaction, ids)) {
            entries.add(
                new Entry(
                    record.id(),
                    RecordDocument.of(
                        settings,
                        record,
                        sequences.getOrDefault(record.id(), 0L),
                        responses.getOrDefault(record.id(), List.of()),
                        suggestions.getOrDefault(record.id(), List.of()),
                        vectors.getOrDefault(record.id(), List.of()))));
          }
          return new Portion(
              entries, places.isEmpty() ? position : places.get(places.size() - 1).position());
        });
  }

  /** The ids of records that were deleted after a revision. */
  List<String> removedAfter(long revision) {
    return database.read(
        transaction ->
            transaction.list(
                "SELECT record_id FROM removed_records WHERE dataset_id = ? AND revision > ?",
                (row, index) -> row.getString(1),
                settings.dataset().id(),
                revision));
  }
}
