package org.attune.model.weights;

import java.util.Map;

/**
 * Few trained weights in front of many frozen ones.
 *
 * <p>A trained weight that has a frozen one's name stands in for it; the others are factors of what
 * is added to frozen matrices.
 *
 * @param trained all that is trained, in a buffer of its own
 * @param deltas what is added to a frozen matrix, by its name
 * @param dropout share of their input that training drops, in [0, 1)
 */
public record Adaptation(Weights trained, Map<String, LowRank> deltas, double dropout) {
  public Adaptation {
    deltas = Map.copyOf(deltas);
  }
}
