package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.problem.RequestException;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Searches in the records of a dataset. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class SearchRoutes {

  private static final double FIVE_DIGITS = 1e5;

  private final Database database;
  private final Search search;
  private final RecordSearch records;

  SearchRoutes(Database database, Search search, RecordSearch records) {
    this.database = database;
    this.search = search;
    this.records = records;
  }

  @PostMapping("/datasets/{id}/records/search")
  Map<String, Object> search(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam MultiValueMap<String, String> query,
      @RequestBody Map<String, @Nullable Object> body) {
    return records.find(sender, id, query, body, false, search::find);
  }

  @PostMapping("/me/datasets/{id}/records/search")
  Map<String, Object> searchWithOwnResponses(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam MultiValueMap<String, String> query,
      @RequestBody Map<String, @Nullable Object> body) {
    return records.find(sender, id, query, body, true, search::find);
  }

  @GetMapping("/datasets/{id}/records/search/suggestions/options")
  Map<String, Object> suggestionOptions(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          DatasetAccess.seen(transaction, sender, id);
          Map<String, Map<String, Object>> questions = new LinkedHashMap<>();
          Map<String, List<String>> agents = new LinkedHashMap<>();
          transaction.each(
              "SELECT DISTINCT q.id, q.name, q.place, s.agent FROM suggestions s"
                  + " JOIN questions q ON q.id = s.question_id"
                  + " WHERE q.dataset_id = ? AND q.retired_at IS NULL AND s.agent IS NOT NULL"
                  + " ORDER BY q.place, s.agent",
              row -> {
                String question = row.getString("id");
                questions.put(question, Map.of("id", question, "name", row.getString("name")));
                agents
                    .computeIfAbsent(question, some -> new ArrayList<>())
                    .add(row.getString("agent"));
              },
              id);
          List<Map<String, Object>> items = new ArrayList<>();
          questions.forEach(
              (question, named) ->
                  items.add(
                      Map.of(
                          "question", named, "agents", agents.getOrDefault(question, List.of()))));
          return Map.of("items", items);
        });
  }

  @GetMapping("/metadata-properties/{id}/metrics")
  Map<String, @Nullable Object> metadataMetrics(SignedIn sender, @PathVariable String id) {
    record Found(DatasetSettings settings, MetadataProperty property) {}
    Found found =
        database.read(
            transaction -> {
              Setting<MetadataProperty> property =
                  SettingTable.METADATA_PROPERTIES.get(transaction, id);
              Dataset dataset = DatasetAccess.seen(transaction, sender, property.datasetId());
              if (sender.isAnnotator() && !property.value().visibleForAnnotators()) {
                throw RequestException.forbidden();
              }
              RecordSearch.requireReady(dataset);
              return new Found(DatasetSettings.load(transaction, dataset), property.value());
            });
    return metrics(found.settings(), found.property());
  }

  private Map<String, @Nullable Object> metrics(
      DatasetSettings settings, MetadataProperty property) {
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    if (property instanceof TermsMetadataProperty) {
      Map<String, Long> counts = search.termCounts(settings, property.name());
      metrics.put("type", "terms");
      metrics.put("total", counts.size());
      metrics.put(
          "values",
          counts.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
              .map(entry -> Map.of("term", entry.getKey(), "count", entry.getValue()))
              .toList());
      return metrics;
    }
    boolean decimal = property instanceof FloatMetadataProperty;
    List<Double> bounds = search.bounds(settings, property.name());
    metrics.put("type", decimal ? "float" : "integer");
    metrics.put("min", bounds.isEmpty() ? null : shown(bounds.get(0), decimal));
    metrics.put("max", bounds.isEmpty() ? null : shown(bounds.get(1), decimal));
    return metrics;
  }

  private static Number shown(double value, boolean decimal) {
    if (decimal) {
      return Math.round(value * FIVE_DIGITS) / FIVE_DIGITS;
    }
    return (long) value;
  }
}
