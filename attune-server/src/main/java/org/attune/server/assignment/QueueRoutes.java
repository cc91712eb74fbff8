package org.attune.server.assignment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.argilla.RecordSearch;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Body;
import org.attune.server.record.Claims;
import org.attune.server.record.Responses;
import org.attune.server.search.Filter;
import org.attune.server.search.Hits;
import org.attune.server.search.Scope;
import org.attune.server.search.Search;
import org.attune.server.search.SearchRequest;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The records that a person is given next. */
@RestController
@RequestMapping("/api/attune/datasets/{id}/queue")
final class QueueRoutes {

  private static final int MOST_EXCEPT = 1000;
  private static final Scope ID = new Scope.OfRecord(Scope.OfRecord.Property.ID);

  private final Database database;
  private final Search search;
  private final RecordSearch records;

  QueueRoutes(Database database, Search search, RecordSearch records) {
    this.database = database;
    this.search = search;
    this.records = records;
  }

  /**
   * Records with one's own response, found by a search as Argilla's clients write it. Without
   * words, a vector or a sort they come in the order of the dataset. Passed over are those that the
   * body lists as {@code except}, and those that others have open and will fill.
   *
   * <p>Once the quota is reached there are none, only {@code quota} that says so.
   *
   * @param json a search; {@code except} is a list of ids
   */
  @PostMapping
  Map<String, @Nullable Object> next(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam MultiValueMap<String, String> query,
      @RequestBody Map<String, @Nullable Object> json) {
    record Known(Dataset dataset, List<String> closed, long submitted) {}
    List<String> except = except(json);
    String userId = sender.user().id();
    Known known =
        database.read(
            transaction -> {
              Dataset dataset = DatasetAccess.seen(transaction, sender, id);
              return new Known(
                  dataset,
                  Claims.closed(transaction, dataset, userId),
                  dataset.quota() == null
                      ? 0
                      : Responses.count(transaction, id, userId, "submitted"));
            });
    Dataset dataset = known.dataset();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    Integer quota = dataset.quota();
    if (quota != null && known.submitted() >= quota) {
      answer.put("items", List.of());
      answer.put("total", 0);
    } else {
      List<String> passed = new ArrayList<>(except);
      passed.addAll(known.closed());
      answer.putAll(
          records.find(
              sender,
              id,
              query,
              json,
              true,
              (settings, request) -> find(settings, request, passed, userId)));
    }
    answer.put("quota", quota);
    answer.put("submitted", quota == null ? null : known.submitted());
    return answer;
  }

  private Hits find(
      DatasetSettings settings, SearchRequest request, List<String> passed, String userId) {
    SearchRequest wanted =
        passed.isEmpty() ? request : request.and(List.of(new Filter.Except(ID, passed)));
    boolean chosen =
        request.text() != null || request.vector() != null || !request.sorts().isEmpty();
    return chosen
        ? search.find(settings, wanted)
        : new OrderedQueue(search, settings, userId).find(wanted);
  }

  private static List<String> except(Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    Object value = body.raw("except");
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> items && items.size() <= MOST_EXCEPT) {
      return items.stream().map(String::valueOf).toList();
    }
    body.fault("except", "Input should be a list of at most " + MOST_EXCEPT + " ids", "list_type");
    body.check();
    return List.of();
  }
}
