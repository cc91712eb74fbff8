package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.record.Records;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** How far a dataset has come: in all, and by person. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class ProgressRoutes {

  private final Database database;

  ProgressRoutes(Database database) {
    this.database = database;
  }

  /** One's own responses. Pending are records without one that still need answers. */
  @GetMapping("/me/datasets/{id}/metrics")
  Map<String, Object> ownMetrics(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.seen(transaction, sender, id);
          String userId = sender.user().id();
          long records = Records.count(transaction, dataset);
          Map<String, Long> counts = new LinkedHashMap<>();
          transaction.each(
              "SELECT status, COUNT(*) AS n FROM responses WHERE dataset_id = ? AND user_id = ?"
                  + " GROUP BY status",
              row -> counts.put(row.getString("status"), row.getLong("n")),
              id,
              userId);
          long answered = counts.values().stream().mapToLong(Long::longValue).sum();
          long answeredCompleted =
              transaction.number(
                  "SELECT COUNT(*) FROM responses r JOIN records c ON c.id = r.record_id"
                      + " WHERE r.dataset_id = ? AND r.user_id = ? AND c.status = 'completed'",
                  id,
                  userId);
          long completedByOthers = Records.countCompleted(transaction, dataset) - answeredCompleted;
          Map<String, Object> responses = new LinkedHashMap<>();
          responses.put("count", answered);
          responses.put("total", records - completedByOthers);
          responses.put("submitted", counts.getOrDefault("submitted", 0L));
          responses.put("discarded", counts.getOrDefault("discarded", 0L));
          responses.put("draft", counts.getOrDefault("draft", 0L));
          responses.put("pending", records - completedByOthers - answered);
          return Map.of("records", Map.of("count", records), "responses", responses);
        });
  }

  @GetMapping("/datasets/{id}/progress")
  Map<String, Object> progress(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.seen(transaction, sender, id);
          long total = Records.count(transaction, dataset);
          long completed = Records.countCompleted(transaction, dataset);
          Map<String, Object> progress = new LinkedHashMap<>();
          progress.put("total", total);
          progress.put("completed", completed);
          progress.put("pending", total - completed);
          progress.putAll(outcomes(transaction, id));
          progress.put("users", List.of());
          return progress;
        });
  }

  /** Records that were submitted, discarded, or both by different people. */
  private static Map<String, Long> outcomes(Transaction transaction, String datasetId) {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    transaction.each(
        "SELECT SUM(CASE WHEN s > 0 AND d = 0 THEN 1 ELSE 0 END) AS submitted,"
            + " SUM(CASE WHEN s = 0 AND d > 0 THEN 1 ELSE 0 END) AS discarded,"
            + " SUM(CASE WHEN s > 0 AND d > 0 THEN 1 ELSE 0 END) AS conflicting FROM ("
            + "SELECT SUM(CASE WHEN status = 'submitted' THEN 1 ELSE 0 END) AS s,"
            + " SUM(CASE WHEN status = 'discarded' THEN 1 ELSE 0 END) AS d"
            + " FROM responses WHERE dataset_id = ? GROUP BY record_id) counts",
        row -> {
          outcomes.put("submitted", row.getLong("submitted"));
          outcomes.put("discarded", row.getLong("discarded"));
          outcomes.put("conflicting", row.getLong("conflicting"));
        },
        datasetId);
    return outcomes;
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
