package org.attune.server.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.feedback.argilla.RecordJson;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.record.Response;
import org.attune.feedback.validation.Problems;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Adds and changes records, with what comes with them, all of a request or nothing. Every fault of
 * every record is reported together.
 */
public final class RecordWriter {

  private static final String INSERT =
      "INSERT INTO records (id, dataset_id, external_id, fields, metadata, status, revision,"
          + " inserted_at, updated_at) VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?)";
  private static final String UPDATE =
      "UPDATE records SET external_id = ?, fields = ?, metadata = ?, revision = ?, updated_at = ?"
          + " WHERE id = ?";

  private final Transaction transaction;
  private final DatasetSettings settings;
  private final Dataset dataset;
  private final String authorId;
  private final RecordJson json;
  private final RecordRules rules;
  private final Problems problems = Problems.none();

  /**
   * A writer for one request.
   *
   * @param authorId who sent it
   */
  public RecordWriter(Transaction transaction, DatasetSettings settings, String authorId) {
    this.transaction = transaction;
    this.settings = settings;
    this.dataset = settings.dataset();
    this.authorId = authorId;
    this.json = settings.recordJson();
    this.rules = settings.rules();
    requireReady(dataset);
  }

  /** Refuses a draft, whose settings may not be complete. */
  public static void requireReady(Dataset dataset) {
    if (!dataset.ready()) {
      throw RequestException.unprocessable("Records cannot be created for a non published dataset");
    }
  }

  /** The ids of the records of a request, in its order, and which of them were there before. */
  public record Outcome(List<String> ids, List<String> updatedIds) {}

  /** Adds records; one whose external id is taken is a fault. */
  public Outcome create(List<Map<String, @Nullable Object>> items) {
    Map<String, StoredRecord> taken = byExternalId(items);
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Map<String, @Nullable Object> item = items.get(i);
      Problems here = at(i);
      Object externalId = item.get("external_id");
      if (externalId != null && taken.containsKey(externalId)) {
        here.add(
            "external_id", "must not be that of another record", externalId, "Update that one.");
      }
      drafts.add(read(item, null, here));
    }
    return write(drafts);
  }

  /**
   * Adds records, and changes those that are there: found by their external id, else by their id.
   * Metadata is replaced where it is given and fields where there are any; responses, suggestions
   * and vectors join those of other users, questions and names.
   */
  public Outcome upsert(List<Map<String, @Nullable Object>> items) {
    Map<String, StoredRecord> byExternalId = byExternalId(items);
    Map<String, StoredRecord> byId = byId(items);
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Map<String, @Nullable Object> item = items.get(i);
      StoredRecord known = byExternalId.get(String.valueOf(item.get("external_id")));
      if (known == null) {
        known = byId.get(String.valueOf(item.get("id")));
      }
      drafts.add(read(item, known, at(i)));
    }
    return write(drafts);
  }

  /**
   * Changes records: their metadata, their vectors, and all their suggestions at once where these
   * are given.
   */
  public Outcome patch(List<Map<String, @Nullable Object>> items) {
    Map<String, StoredRecord> known = byId(items);
    List<String> ids = items.stream().map(item -> String.valueOf(item.get("id"))).toList();
    List<String> unknown = ids.stream().filter(id -> !known.containsKey(id)).distinct().toList();
    if (!unknown.isEmpty()) {
      throw RequestException.unprocessable("Found records that do not exist: " + unknown);
    }
    if (new HashSet<>(ids).size() < ids.size()) {
      throw RequestException.unprocessable("Found duplicate records IDs");
    }
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Map<String, @Nullable Object> item = new HashMap<>(items.get(i));
      item.keySet().removeAll(Set.of("fields", "responses", "external_id"));
      drafts.add(read(item, Objects.requireNonNull(known.get(ids.get(i))), at(i)));
      if (item.get("suggestions") != null) {
        Suggestions.deleteOf(transaction, ids.get(i));
      }
    }
    return write(drafts);
  }

  private Problems at(int position) {
    return problems.at("record at position " + position);
  }

  private Map<String, StoredRecord> byExternalId(List<Map<String, @Nullable Object>> items) {
    Set<String> externalIds = new LinkedHashSet<>();
    for (Map<String, @Nullable Object> item : items) {
      if (item.get("external_id") instanceof String externalId && !externalIds.add(externalId)) {
        throw RequestException.unprocessable(
            "Found duplicate external IDs: " + externalId + " is there twice");
      }
    }
    return Records.withExternalIds(transaction, dataset, externalIds).stream()
        .collect(Collectors.toMap(record -> String.valueOf(record.externalId()), record -> record));
  }

  private Map<String, StoredRecord> byId(List<Map<String, @Nullable Object>> items) {
    List<String> ids =
        items.stream().map(item -> item.get("id")).map(String::valueOf).distinct().toList();
    return Records.withIds(transaction, ids).stream()
        .filter(record -> record.datasetId().equals(dataset.id()))
        .collect(Collectors.toMap(StoredRecord::id, record -> record));
  }

  /** A record of the request as it is to be, and the stored one that it changes. */
  private record Draft(FeedbackRecord record, @Nullable StoredRecord before) {}

  private Draft read(
      Map<String, @Nullable Object> item, @Nullable StoredRecord before, Problems here) {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>(item);
    whole.put("id", before == null ? UUID.randomUUID().toString() : before.id());
    if (before != null) {
      if (!(item.get("fields") instanceof Map<?, ?> fields) || fields.isEmpty()) {
        whole.put("fields", before.fields());
      }
      if (!item.containsKey("metadata")) {
        whole.put("metadata", before.metadata());
      }
      if (item.get("external_id") == null || before.externalId() == null) {
        whole.put("external_id", before.externalId());
      }
    }
    FeedbackRecord record = json.readRecord(whole, here);
    rules.check(record, here);
    return new Draft(record, before);
  }

  private Outcome write(List<Draft> drafts) {
    checkUsers(drafts);
    problems.throwIfAny("the request");
    long revision = Datasets.nextRevision(transaction, dataset.id());
    long moment = transaction.moments(drafts.size());
    List<@Nullable Object[]> added = new ArrayList<>();
    List<@Nullable Object[]> changed = new ArrayList<>();
    List<Responses.Given> responses = new ArrayList<>();
    List<Suggestions.Given> suggestions = new ArrayList<>();
    Map<String, Map<String, List<Double>>> vectors = new LinkedHashMap<>();
    List<String> addedIds = new ArrayList<>();
    List<String> updatedIds = new ArrayList<>();
    for (Draft draft : drafts) {
      long now = moment++;
      FeedbackRecord record = draft.record();
      String fields = Json.write(record.fields());
      String metadata = record.metadata().isEmpty() ? null : Json.write(record.metadata());
      if (draft.before() == null) {
        addedIds.add(record.id());
        added.add(
            new @Nullable Object[] {
              record.id(), dataset.id(), record.externalId(), fields, metadata, revision, now, now
            });
      } else {
        updatedIds.add(record.id());
        changed.add(
            new @Nullable Object[] {
              record.externalId(), fields, metadata, revision, now, record.id()
            });
      }
      record
          .responses()
          .forEach(response -> responses.add(new Responses.Given(record.id(), now, response)));
      record
          .suggestions()
          .forEach(
              suggestion -> suggestions.add(new Suggestions.Given(record.id(), now, suggestion)));
      if (!record.vectors().isEmpty()) {
        vectors.put(record.id(), record.vectors());
      }
    }
    transaction.batch(INSERT, added);
    transaction.batch(UPDATE, changed);
    Suggestions.put(transaction, settings, suggestions);
    Vectors.put(transaction, settings, vectors);
    Records.tell(transaction, RecordChange.Kind.CREATED, dataset.id(), addedIds);
    Records.tell(transaction, RecordChange.Kind.UPDATED, dataset.id(), updatedIds);
    Responses.put(transaction, settings, responses, authorId, revision);
    return new Outcome(drafts.stream().map(draft -> draft.record().id()).toList(), updatedIds);
  }

  /** Every response needs a user that there is. */
  private void checkUsers(List<Draft> drafts) {
    Set<String> wanted =
        drafts.stream()
            .flatMap(draft -> draft.record().responses().stream())
            .map(Response::userId)
            .flatMap(Stream::ofNullable)
            .collect(Collectors.toSet());
    Set<String> known = users(wanted);
    for (int i = 0; i < drafts.size(); i++) {
      for (Response response : drafts.get(i).record().responses()) {
        String user = response.userId();
        if (user == null || !known.contains(user)) {
          at(i).add("user_id", "must be the id of a user", user, "Name a user of this server.");
        }
      }
    }
  }

  private Set<String> users(Collection<String> ids) {
    return new HashSet<>(
        Placeholders.inPortions(
            ids,
            some ->
                transaction.list(
                    "SELECT id FROM users WHERE id IN (" + Placeholders.of(some.size()) + ")",
                    (row, index) -> row.getString(1),
                    some.toArray())));
  }
}
