package org.attune.server.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope.OfRecord;
import org.attune.server.search.Search;
import org.attune.server.storage.Transaction;

/** How far a dataset is at this moment, and what each person did for it. */
public record Standing(long records, long completed, List<Annotator> annotators) {

  private static final Filter COMPLETED =
      new Filter.Terms(new OfRecord(OfRecord.Property.STATUS), List.of("completed"));

  public Standing {
    annotators = List.copyOf(annotators);
  }

  /** What one person did. */
  public record Annotator(String id, String name, long submitted, long discarded, long drafts) {}

  /** Counts records in the index, and answers in the database. */
  static Standing of(Search search, Transaction transaction, DatasetSettings settings) {
    return new Standing(
        search.count(settings, null, List.of()),
        search.count(settings, null, List.of(COMPLETED)),
        annotators(transaction, settings.dataset().id()));
  }

  private static List<Annotator> annotators(Transaction transaction, String datasetId) {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    transaction.each(
        "SELECT user_id, status, COUNT(*) AS n FROM responses WHERE dataset_id = ?"
            + " GROUP BY user_id, status",
        row ->
            counts
                .computeIfAbsent(row.getString("user_id"), user -> new LinkedHashMap<>())
                .put(row.getString("status"), row.getLong("n")),
        datasetId);
    List<Annotator> annotators = new ArrayList<>();
    counts.forEach(
        (id, each) ->
            annotators.add(
                new Annotator(
                    id,
                    Users.find(transaction, id).map(User::username).orElse(id),
                    each.getOrDefault("submitted", 0L),
                    each.getOrDefault("discarded", 0L),
                    each.getOrDefault("draft", 0L))));
    annotators.sort(
        Comparator.comparingLong(Annotator::submitted).reversed().thenComparing(Annotator::name));
    return annotators;
  }
}
