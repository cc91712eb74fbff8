package org.attune.model.dropout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the masks of a batch's sequences come from.
 *
 * @param ofSequences one seed for each sequence
 * @param rate of all dropout that a model has by itself, in [0, 1); null for the rates that its
 *     configuration says. That of adapters is their own.
 */
public record DropoutSeeds(List<Long> ofSequences, @Nullable Double rate) {
  public DropoutSeeds {
    ofSequences = List.copyOf(ofSequences);
  }

  /**
   * Seeds of a training step that depend on the sequences' places in the whole step alone, however
   * it is cut into batches.
   *
   * @param places of the batch's sequences in the step
   */
  public static DropoutSeeds ofStep(
      long seed, long step, List<Integer> places, @Nullable Double rate) {
    long ofStep = RandomBits.key(seed, step);
    return new DropoutSeeds(
        places.stream().map(place -> RandomBits.key(ofStep, place)).toList(), rate);
  }
}
