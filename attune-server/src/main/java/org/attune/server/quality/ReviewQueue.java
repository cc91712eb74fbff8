package org.attune.server.quality;

import java.util.ArrayList;
import java.util.List;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Filter;
import org.attune.server.search.Hits;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMeasure.Measure;
import org.attune.server.search.Scope.OfResponse;
import org.attune.server.search.Search;
import org.attune.server.search.SearchRequest;
import org.attune.server.search.SearchRequest.Sorting;
import org.jspecify.annotations.Nullable;

/**
 * Answered records in the order of review: the more people disagree, the earlier.
 *
 * @param question on which they are to have answers of several people, and disagreement counts;
 *     null for all questions together
 * @param annotatorId who is to have answered them, or null for anybody
 */
record ReviewQueue(
    Search search,
    DatasetSettings settings,
    @Nullable String question,
    @Nullable String annotatorId) {

  private static final Filter SUBMITTED =
      new Filter.Terms(new OfResponse(null), List.of("submitted"));

  private List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    filters.add(SUBMITTED);
    if (question != null) {
      filters.add(new Filter.Range(disagreement(), null, null));
    }
    return filters;
  }

  private OfMeasure disagreement() {
    return new OfMeasure(Measure.DISAGREEMENT, question);
  }

  /** The record at a place, counted from 1, and how many there are; no hit beyond the last. */
  Hits at(int place) {
    return search.find(
        settings,
        new SearchRequest(
            annotatorId,
            null,
            null,
            null,
            filters(),
            List.of(new Sorting(disagreement(), true)),
            place - 1L,
            1));
  }

  /** How many of the records people disagree on. */
  long disagreements() {
    List<Filter> filters = filters();
    filters.add(new Filter.Range(disagreement(), Double.MIN_VALUE, null));
    return search.count(settings, annotatorId, filters);
  }
}
