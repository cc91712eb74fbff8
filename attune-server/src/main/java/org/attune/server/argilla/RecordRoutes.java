package org.attune.server.argilla;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.search.Hits;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Records: listed, added, changed and deleted. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class RecordRoutes {

  private static final int MOST_IN_BULK = 500;
  private static final int MOST_OF_FIRST_CLIENTS = 1000;
  private static final int MOST_DELETED = 100;

  private final Database database;
  private final Search search;

  RecordRoutes(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  @GetMapping("/datasets/{id}/records")
  Map<String, Object> list(
      SignedIn sender, @PathVariable String id, @RequestParam MultiValueMap<String, String> query) {
    return list(sender, id, query, false);
  }

  @GetMapping("/me/datasets/{id}/records")
  Map<String, Object> listWithOwnResponses(
      SignedIn sender, @PathVariable String id, @RequestParam MultiValueMap<String, String> query) {
    return list(sender, id, query, true);
  }

  private Map<String, Object> list(
      SignedIn sender, String id, MultiValueMap<String, String> query, boolean own) {
    Paging paging = Paging.of(query);
    Include include = Include.of(query.get("include"));
    String userId = own ? sender.user().id() : null;
    Optional<DatasetSettings> settings =
        database.read(
            transaction -> {
              Dataset dataset =
                  own
                      ? DatasetAccess.seen(transaction, sender, id)
                      : DatasetAccess.managed(transaction, sender, id);
              return dataset.ready()
                  ? Optional.of(DatasetSettings.load(transaction, dataset))
                  : Optional.empty();
            });
    if (settings.isEmpty()) {
      return Map.of("items", List.of(), "total", 0);
    }
    ListQuery conditions = new ListQuery(settings.get(), sender, query);
    RecordView view = new RecordView(settings.get(), include, userId, sender);
    if (!conditions.isPlain()) {
      Hits hits = search.find(settings.get(), conditions.read(paging, userId));
      List<String> ids = hits.hits().stream().map(Hits.Hit::recordId).toList();
      return Map.of(
          "items",
          database.read(transaction -> view.of(transaction, Records.withIds(transaction, ids))),
          "total",
          hits.total());
    }
    Dataset dataset = settings.get().dataset();
    return database.read(
        transaction ->
            Map.of(
                "items",
                view.of(
                    transaction,
                    Records.page(transaction, dataset, paging.offset(), paging.limit())),
                "total",
                Records.count(transaction, dataset)));
  }

  @PostMapping("/datasets/{id}/records")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void createForFirstClients(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    List<Map<String, @Nullable Object>> items = items(body, MOST_OF_FIRST_CLIENTS);
    database.change(transaction -> writer(transaction, sender, id).create(items));
  }

  @PatchMapping("/datasets/{id}/records")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void patchForFirstClients(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    List<Map<String, @Nullable Object>> items = items(body, MOST_OF_FIRST_CLIENTS);
    database.change(transaction -> writer(transaction, sender, id).patch(items));
  }

  @PostMapping("/datasets/{id}/records/bulk")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> create(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    List<Map<String, @Nullable Object>> items = items(body, MOST_IN_BULK);
    return database.write(
        transaction ->
            Map.of(
                "items", views(transaction, writer(transaction, sender, id).create(items).ids())));
  }

  @PutMapping("/datasets/{id}/records/bulk")
  Map<String, Object> upsert(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    List<Map<String, @Nullable Object>> items = items(body, MOST_IN_BULK);
    return database.write(
        transaction -> {
          RecordWriter.Outcome outcome = writer(transaction, sender, id).upsert(items);
          return Map.of(
              "items", views(transaction, outcome.ids()), "updated_item_ids", outcome.updatedIds());
        });
  }

  private static List<Map<String, @Nullable Object>> items(
      Map<String, @Nullable Object> json, int most) {
    Body body = Body.of(json);
    List<Map<String, @Nullable Object>> items =
        body.objects("items", 1, most).stream().map(Body::values).toList();
    body.check();
    return items;
  }

  private static RecordWriter writer(Transaction transaction, SignedIn sender, String datasetId) {
    Dataset dataset = DatasetAccess.managed(transaction, sender, datasetId);
    RecordWriter.requireReady(dataset);
    return new RecordWriter(
        transaction, DatasetSettings.load(transaction, dataset), sender.user().id());
  }

  private static List<Map<String, @Nullable Object>> views(
      Transaction transaction, List<String> ids) {
    return Records.withIds(transaction, ids).stream().map(RecordView::record).toList();
  }

  @DeleteMapping("/datasets/{id}/records")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteAll(SignedIn sender, @PathVariable String id, @RequestParam("ids") String ids) {
    List<String> wanted = ids(ids);
    database.change(
        transaction ->
            Records.delete(transaction, DatasetAccess.managed(transaction, sender, id), wanted));
  }

  /** Ids with commas between them. */
  static List<String> ids(String text) {
    List<String> ids =
        Stream.of(text.split(",")).map(String::strip).filter(id -> !id.isEmpty()).toList();
    if (ids.isEmpty()) {
      throw RequestException.unprocessable("No record IDs are provided");
    }
    if (ids.size() > MOST_DELETED) {
      throw RequestException.unprocessable("Cannot delete more than " + MOST_DELETED + " at once");
    }
    return ids;
  }

  @GetMapping("/records/{id}")
  Map<String, @Nullable Object> get(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          Dataset dataset = DatasetAccess.seen(transaction, sender, record.datasetId());
          return whole(transaction, dataset, record, sender);
        });
  }

  private static Map<String, @Nullable Object> whole(
      Transaction transaction, Dataset dataset, StoredRecord record, SignedIn sender) {
    String ownOnly = sender.isAnnotator() ? sender.user().id() : null;
    return new RecordView(DatasetSettings.load(transaction, dataset), Include.ALL, ownOnly, sender)
        .of(transaction, List.of(record))
        .get(0);
  }

  @PatchMapping("/records/{id}")
  Map<String, @Nullable Object> patch(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return database.write(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          Dataset dataset = DatasetAccess.managed(transaction, sender, record.datasetId());
          body.put("id", id);
          writer(transaction, sender, dataset.id()).patch(List.of(body));
          return whole(transaction, dataset, Records.get(transaction, id), sender);
        });
  }

  @DeleteMapping("/records/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    return database.write(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          Dataset dataset = DatasetAccess.managed(transaction, sender, record.datasetId());
          Records.delete(transaction, dataset, List.of(id));
          return RecordView.record(record);
        });
  }
}
