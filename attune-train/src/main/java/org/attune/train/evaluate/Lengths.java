package org.attune.train.evaluate;

import java.util.List;
import org.attune.model.generate.Generation;

/**
 * How long generated texts are.
 *
 * @param ends share that ended by itself, before the cap on new tokens
 * @param meanTokens mean number of new tokens, ending ones among them
 */
public record Lengths(double ends, double meanTokens) {
  /**
   * Measures some generations.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Lengths of(List<Generation> generations) {
    if (generations.isEmpty()) {
      throw new IllegalArgumentException(
          "There are no generated texts to measure. Generate at least one.");
    }
    double count = generations.size();
    return new Lengths(
        generations.stream().filter(Generation::ended).count() / count,
        generations.stream().mapToLong(generation -> generation.tokens().length).sum() / count);
  }
}
