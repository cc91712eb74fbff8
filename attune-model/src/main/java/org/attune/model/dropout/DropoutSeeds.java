package org.attune.model.dropout;

import java.util.List;
import java.util.stream.IntStream;
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

  /** The seeds of some sequences alone, in the given order. */
  public DropoutSeeds of(List<Integer> sequences) {
    return new DropoutSeeds(sequences.stream().map(ofSequences::get).toList(), rate);
  }

  /**
   * Seeds of a training step that depend on the sequences' places in the whole step alone, however
   * it is cut into batches.
   */
  public static DropoutSeeds ofStep(long seed, long step, int sequences, @Nullable Double rate) {
    long ofStep = RandomBits.key(seed, step);
    return new DropoutSeeds(
        IntStream.range(0, sequences).mapToObj(place -> RandomBits.key(ofStep, place)).toList(),
        rate);
  }
}
