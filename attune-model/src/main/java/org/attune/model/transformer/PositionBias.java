package org.attune.model.transformer;

import org.attune.tensor.Tensor;

/** What is added to the scores of keys by their distance from the query. */
@FunctionalInterface
public interface PositionBias {
  /**
   * The added scores of neighbouring queries.
   *
   * @param firstQuery position of the first query
   * @param queries how many there are
   * @param keys of positions 0 … keys − 1
   * @return {@code [H, queries, keys]}
   */
  Tensor between(int firstQuery, int queries, int keys);
}
