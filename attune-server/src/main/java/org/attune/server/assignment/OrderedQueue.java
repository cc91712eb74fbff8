package org.attune.server.assignment;

import java.util.ArrayList;
import java.util.List;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Filter;
import org.attune.server.search.Hits;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMeasure.Measure;
import org.attune.server.search.Search;
import org.attune.server.search.SearchRequest;
import org.attune.server.search.SearchRequest.Sorting;
import org.attune.server.search.Shuffle;

/** One person's records in the order of their dataset. */
final class OrderedQueue {

  private static final OfMeasure SHUFFLE = new OfMeasure(Measure.SHUFFLE, null);

  private final Search search;
  private final DatasetSettings settings;
  private final String userId;

  OrderedQueue(Search search, DatasetSettings settings, String userId) {
    this.search = search;
    this.settings = settings;
    this.userId = userId;
  }

  Hits find(SearchRequest request) {
    // a property that the order names may be gone by now
    RecordOrder order =
        RecordOrder.of(settings.dataset().order()).orElse(new RecordOrder(List.of(), false));
    return order.random()
        ? shuffled(request)
        : search.find(settings, request.sortedBy(order.sorts()));
  }

  /*
   * Every record has a place in one shuffled circle, which the index holds in order. A person goes
   * around it from a place of their own, one way or the other: nothing is sorted for a request, the
   * order never changes, and people who begin at the same time meet late.
   */
  private Hits shuffled(SearchRequest request) {
    double start = Shuffle.place(userId);
    boolean backwards = Shuffle.place(userId + settings.dataset().id()) < 0.5;
    SearchRequest sorted = request.sortedBy(List.of(new Sorting(SHUFFLE, backwards)));
    Filter above = new Filter.Range(SHUFFLE, start, null);
    Filter below = new Filter.Range(SHUFFLE, null, Math.nextDown(start));
    Hits first = search.find(settings, sorted.and(List.of(backwards ? below : above)));
    int found = first.hits().size();
    Hits rest =
        search.find(
            settings,
            sorted
                .and(List.of(backwards ? above : below))
                .part(Math.max(0, request.offset() - first.total()), request.limit() - found));
    List<Hits.Hit> hits = new ArrayList<>(first.hits());
    hits.addAll(rest.hits());
    return new Hits(hits, first.total() + rest.total());
  }
}
