package org.attune.server.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for. Names were checked against the settings of the dataset.
 *
 * @param userId whose responses scopes mean; null for anybody's
 * @param text words that must all occur, or null
 * @param field where they must occur; null for anywhere
 * @param vector similarity to rank by, or null
 * @param filters all of which must hold
 * @param sorts by which records are ordered, the first first; none for the order in which they came
 */
public record SearchRequest(
    @Nullable String userId,
    @Nullable String text,
    @Nullable String field,
    @Nullable Similarity vector,
    List<Filter> filters,
    List<Sorting> sorts,
    long offset,
    int limit) {

  public SearchRequest {
    filters = List.copyOf(filters);
    sorts = List.copyOf(sorts);
  }

  /** The same with further filters. */
  public SearchRequest and(List<Filter> further) {
    List<Filter> all = new ArrayList<>(filters);
    all.addAll(further);
    return new SearchRequest(userId, text, field, vector, all, sorts, offset, limit);
  }

  /** The same in another order. */
  public SearchRequest sortedBy(List<Sorting> keys) {
    return new SearchRequest(userId, text, field, vector, filters, keys, offset, limit);
  }

  /** Another part of what is found; a limit of 0 asks only how much there is. */
  public SearchRequest part(long from, int size) {
    return new SearchRequest(userId, text, field, vector, filters, sorts, from, size);
  }

  /**
   * Ranks records by the cosine between a vector of theirs and this one.
   *
   * @param target what to compare with; its negative for the least similar
   * @param except a record that is not to be found, since it gave the vector
   */
  public record Similarity(String name, float[] target, @Nullable String except) {}

  /** One key of the order. */
  public record Sorting(Scope scope, boolean descending) {}
}
