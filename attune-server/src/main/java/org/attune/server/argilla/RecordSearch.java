package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.search.Hits;
import org.attune.server.search.SearchRequest;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;

/**
 * Answers a search that is written as Argilla's clients write it, with records as they read them.
 */
@Component
public final class RecordSearch {

  private final Database database;

  RecordSearch(Database database) {
    this.database = database;
  }

  /** How records are found. */
  public interface Finder {
    Hits find(DatasetSettings settings, SearchRequest request);
  }

  private record Asked(DatasetSettings settings, SearchRequest request) {}

  /**
   * Finds records.
   *
   * @param own whether responses mean those of the sender, and only these are shown
   */
  public Map<String, Object> find(
      SignedIn sender,
      String id,
      MultiValueMap<String, String> query,
      Map<String, @Nullable Object> body,
      boolean own,
      Finder finder) {
    Paging paging = Paging.of(query);
    Include include = Include.of(query.get("include"));
    String userId = own ? sender.user().id() : null;
    Asked asked =
        database.read(
            transaction -> {
              Dataset dataset =
                  own
                      ? DatasetAccess.seen(transaction, sender, id)
                      : DatasetAccess.managed(transaction, sender, id);
              requireReady(dataset);
              DatasetSettings settings = DatasetSettings.load(transaction, dataset);
              return new Asked(
                  settings,
                  new SearchBody(settings, sender)
                      .read(transaction, body, paging, userId)
                      .and(new ListQuery(settings, sender, query).filters()));
            });
    Hits hits = finder.find(asked.settings(), asked.request());
    Map<String, Double> scores =
        hits.hits().stream()
            .collect(Collectors.toMap(Hits.Hit::recordId, Hits.Hit::score, (a, b) -> a));
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    for (Map<String, @Nullable Object> record :
        views(asked.settings(), include, sender, userId, hits)) {
      Map<String, @Nullable Object> item = new LinkedHashMap<>();
      item.put("record", record);
      item.put("query_score", scores.get(String.valueOf(record.get("id"))));
      items.add(item);
    }
    return Map.of("items", items, "total", hits.total());
  }

  private List<Map<String, @Nullable Object>> views(
      DatasetSettings settings,
      Include include,
      SignedIn sender,
      @Nullable String userId,
      Hits hits) {
    List<String> ids = hits.hits().stream().map(Hits.Hit::recordId).toList();
    return database.read(
        transaction -> {
          List<StoredRecord> records = Records.withIds(transaction, ids);
          return new RecordView(settings, include, userId, sender).of(transaction, records);
        });
  }

  static void requireReady(Dataset dataset) {
    if (!dataset.ready()) {
      throw RequestException.unprocessable(
          "Dataset with id `" + dataset.id() + "` is not published, so it has no records");
    }
  }
}
