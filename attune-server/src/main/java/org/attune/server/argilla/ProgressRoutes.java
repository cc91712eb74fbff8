package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.record.Responses;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** How far a dataset has come: in all, and by person. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class ProgressRoutes {

  private final Database database;
  private final Search search;

  ProgressRoutes(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  /** One's own responses. Pending are records without one that still need answers. */
  @GetMapping("/me/datasets/{id}/metrics")
  Map<String, Object> ownMetrics(SignedIn sender, @PathVariable String id) {
    String userId = sender.user().id();
    RecordCounts records = RecordCounts.of(database, search, sender, id);
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String status : List.of("submitted", "discarded", "draft")) {
      counts.put(
          status, database.read(transaction -> Responses.count(transaction, id, userId, status)));
    }
    long answered = counts.values().stream().mapToLong(Long::longValue).sum();
    long completedByOthers = records.completed() - records.completedWith(userId);
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("count", answered);
    responses.put("total", records.all() - completedByOthers);
    responses.put("submitted", counts.getOrDefault("submitted", 0L));
    responses.put("discarded", counts.getOrDefault("discarded", 0L));
    responses.put("draft", counts.getOrDefault("draft", 0L));
    responses.put("pending", records.all() - completedByOthers - answered);
    return Map.of("records", Map.of("count", records.all()), "responses", responses);
  }

  @GetMapping("/datasets/{id}/progress")
  Map<String, Object> progress(SignedIn sender, @PathVariable String id) {
    RecordCounts records = RecordCounts.of(database, search, sender, id);
    long conflicting = records.with("submitted", "discarded");
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("total", records.all());
    progress.put("completed", records.completed());
    progress.put("pending", records.all() - records.completed());
    progress.put("submitted", records.with("submitted") - conflicting);
    progress.put("discarded", records.with("discarded") - conflicting);
    progress.put("conflicting", conflicting);
    progress.put("users", List.of());
    return progress;
  }

  @GetMapping("/datasets/{id}/users/progress")
  Map<String, Object> usersProgress(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          DatasetAccess.seen(transaction, sender, id);
          Map<String, Map<String, Map<String, Long>>> users = new LinkedHashMap<>();
          transaction.each(
              "SELECT u.username, c.status AS record_status, r.status, COUNT(*) AS n"
                  + " FROM responses r JOIN users u ON u.id = r.user_id"
                  + " JOIN records c ON c.id = r.record_id WHERE r.dataset_id = ?"
                  + " GROUP BY u.username, c.status, r.status ORDER BY u.username",
              row ->
                  users
                      .computeIfAbsent(row.getString("username"), name -> none())
                      .computeIfAbsent(row.getString("record_status"), status -> zeros())
                      .put(row.getString("status"), row.getLong("n")),
              id);
          List<Map<String, @Nullable Object>> items = new ArrayList<>();
          users.forEach(
              (name, counts) -> {
                Map<String, @Nullable Object> item = new LinkedHashMap<>();
                item.put("username", name);
                item.putAll(counts);
                items.add(item);
              });
          return Map.of("users", items);
        });
  }

  private static Map<String, Map<String, Long>> none() {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    counts.put("completed", zeros());
    counts.put("pending", zeros());
    return counts;
  }

  private static Map<String, Long> zeros() {
    Map<String, Long> zeros = new LinkedHashMap<>();
    zeros.put("submitted", 0L);
    zeros.put("discarded", 0L);
    zeros.put("draft", 0L);
    return zeros;
  }
}
