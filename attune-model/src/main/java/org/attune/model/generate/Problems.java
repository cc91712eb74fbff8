package org.attune.model.generate;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with settings, so that all of it is told at once. */
final class Problems {
  private final List<String> found = new ArrayList<>();

  /**
   * @param rule with a place for the value, and the way out
   */
  void require(boolean holds, String rule, Object value) {
    if (!holds) {
      found.add(rule.formatted(value));
    }
  }

  void requireIds(List<Integer> ids, String name) {
    require(
        ids.stream().allMatch(id -> id >= 0),
        name + " must hold token ids from 0 on but was %s. Remove the negative ones.",
        ids);
  }

  /** Throws what was found. */
  void report() {
    if (!found.isEmpty()) {
      throw new InvalidSamplingException(found);
    }
  }
}
