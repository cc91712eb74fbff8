package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.List;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope.OfRecord;
import org.attune.server.search.Scope.OfResponse;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;

/**
 * How many records of a dataset are in which state. The index counts them: pages ask after each
 * answer, and a database would look at every record each time.
 *
 * @param settings null for a dataset that is not published, and has no records
 */
record RecordCounts(Search search, @Nullable DatasetSettings settings) {

  private static final Filter COMPLETED =
      new Filter.Terms(new OfRecord(OfRecord.Property.STATUS), List.of("completed"));
  private static final Filter ANSWERED =
      new Filter.Terms(new OfResponse(null), List.of("submitted", "discarded", "draft"));

  /** The counts of a dataset that the sender may look at. */
  static RecordCounts of(Database database, Search search, SignedIn sender, String datasetId) {
    DatasetSettings settings =
        database.read(
            transaction -> {
              Dataset dataset = DatasetAccess.seen(transaction, sender, datasetId);
              return dataset.ready() ? DatasetSettings.load(transaction, dataset) : null;
            });
    return new RecordCounts(search, settings);
  }

  long all() {
    return count(null, List.of());
  }

  long completed() {
    return count(null, List.of(COMPLETED));
  }

  /** Completed records to which a person has a response. */
  long completedWith(String userId) {
    return count(userId, List.of(COMPLETED, ANSWERED));
  }

  /** Records with responses of each of these statuses. */
  long with(String... statuses) {
    List<Filter> filters = new ArrayList<>();
    for (String status : statuses) {
      filters.add(new Filter.Terms(new OfResponse(null), List.of(status)));
    }
    return count(null, filters);
  }

  private long count(@Nullable String userId, List<Filter> filters) {
    return settings == null ? 0 : search.count(settings, userId, filters);
  }
}
