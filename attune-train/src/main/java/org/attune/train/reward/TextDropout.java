package org.attune.train.reward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.model.tokenizer.TokenSequence;

/**
 * Dropout of one step's texts. A text that stands in several pairs goes through the model once, and
 * drops once.
 *
 * @param places of the texts in the step
 * @param seeds of all places
 */
record TextDropout(Map<TokenSequence, Integer> places, DropoutSeeds seeds) {
  TextDropout {
    places = Map.copyOf(places);
  }

  /**
   * Dropout that depends on the run's seed, the step and the texts' places in it.
   *
   * @param rate of all dropout that the model has by itself
   */
  static TextDropout of(List<Pair> pairs, long seed, long step, double rate) {
    Map<TokenSequence, Integer> places = new LinkedHashMap<>();
    pairs.stream()
        .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
        .forEach(text -> places.putIfAbsent(text, places.size()));
    return new TextDropout(places, DropoutSeeds.ofStep(seed, step, places.size(), rate));
  }

  /** The seeds of some texts, in the given order. */
  DropoutSeeds of(List<TokenSequence> texts) {
    return seeds.of(texts.stream().map(places::get).toList());
  }
}
