package org.attune.cli.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.attune.cli.quickstart.RatedSentences.Rated;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.train.evaluate.Estimate;
import org.attune.train.evaluate.PairAccuracy;
import org.attune.train.evaluate.PairAccuracy.Pair;

/**
 * Comparisons made of ratings: of two sentences whose mean ratings differ by 1 or more, the higher
 * one is chosen.
 *
 * <p>No sentence is in both parts: the held-out pairs are made of sentences that no training pair
 * uses. Training pairs come in groups that compare the same few sentences, as a ranking would: each
 * sentence is scored once for several comparisons. Long sentences are not trained on, since what
 * the reward model is to judge is short.
 *
 * @param train to learn from
 * @param heldOutSentences texts that {@code heldOut} refers to
 * @param heldOut to measure the reward model on
 */
record Comparisons(List<Comparison> train, List<String> heldOutSentences, List<Pair> heldOut) {
  private static final double SMALLEST_GAP = 1.0;

  /** Sentences that are compared with one another, and how many comparisons are made of them. */
  private static final int GROUP = 8;

  static final int PAIRS_OF_GROUP = 16;

  /** Characters of the longest sentence to train on. */
  private static final int LONGEST = 160;

  /**
   * How many random pairs to try for each one that is wanted, before the sentences count as too
   * alike.
   */
  private static final int TRIES = 1_000;

  /** A text that people rate higher, and one that they rate lower. */
  record Comparison(String chosen, String rejected) {
    Map<String, String> row() {
      return Map.of("chosen", chosen, "rejected", rejected);
    }
  }

  /** How many of each. */
  record Counts(int train, int heldOutSentences, int heldOut) {}

  Comparisons {
    train = List.copyOf(train);
    heldOutSentences = List.copyOf(heldOutSentences);
    heldOut = List.copyOf(heldOut);
  }

  static Comparisons of(List<Rated> sentences, Counts counts, long seed) {
    RandomGenerator random = Shuffled.random(seed);
    List<Rated> shuffled = Shuffled.of(distinct(sentences), random);
    if (shuffled.size() < counts.heldOutSentences + 2) {
      throw DatasetFormatException.of(
          "%,d different sentences are too few to hold out %,d. Use more sentences, or hold out fewer."
              .formatted(shuffled.size(), counts.heldOutSentences));
    }
    List<Rated> heldOut = shuffled.subList(0, counts.heldOutSentences);
    List<Rated> train = shuffled.subList(counts.heldOutSentences, shuffled.size());
    return new Comparisons(
        groupedPairs(train, counts.train, random).stream()
            .map(
                pair ->
                    new Comparison(
                        train.get(pair.chosen()).text(), train.get(pair.rejected()).text()))
            .toList(),
        heldOut.stream().map(Rated::text).toList(),
        pairs(heldOut, counts.heldOut, random));
  }

  /** Of sentences with the same text the first, so that none is in both parts. */
  private static List<Rated> distinct(List<Rated> sentences) {
    Map<String, Rated> byText = new LinkedHashMap<>();
    sentences.forEach(sentence -> byText.putIfAbsent(sentence.text(), sentence));
    return List.copyOf(byText.values());
  }

  /** Groups from the shuffled sentences, shuffled again after each pass over them. */
  private static List<Pair> groupedPairs(List<Rated> sentences, int count, RandomGenerator random) {
    List<Integer> shortOnes =
        IntStream.range(0, sentences.size())
            .filter(i -> sentences.get(i).text().length() <= LONGEST)
            .boxed()
            .toList();
    List<Pair> pairs = new ArrayList<>();
    for (int pass = 0; pairs.size() < count && pass < TRIES; pass++) {
      List<Integer> order = Shuffled.of(shortOnes, random);
      for (int from = 0; from + GROUP <= order.size() && pairs.size() < count; from += GROUP) {
        List<Pair> ofGroup =
            Shuffled.of(allPairs(sentences, order.subList(from, from + GROUP)), random);
        if (ofGroup.size() >= PAIRS_OF_GROUP) {
          pairs.addAll(ofGroup.subList(0, PAIRS_OF_GROUP));
        }
      }
    }
    if (pairs.size() < count) {
      throw tooAlike(shortOnes.size());
    }
    return pairs.subList(0, count);
  }

  private static List<Pair> allPairs(List<Rated> sentences, List<Integer> group) {
    List<Pair> pairs = new ArrayList<>();
    for (int one : group) {
      for (int other : group) {
        if (sentences.get(one).rating() - sentences.get(other).rating() >= SMALLEST_GAP) {
          pairs.add(new Pair(one, other));
        }
      }
    }
    return pairs;
  }

  private static DatasetFormatException tooAlike(int sentences) {
    return DatasetFormatException.of(
        "Among %,d sentences there are hardly any two whose mean ratings differ by %s or more. Use sentences with more varied ratings."
            .formatted(sentences, SMALLEST_GAP));
  }

  private static List<Pair> pairs(List<Rated> sentences, int count, RandomGenerator random) {
    List<Pair> pairs = new ArrayList<>();
    for (long tries = 0; pairs.size() < count; tries++) {
      if (tries > (long) TRIES * count) {
        throw tooAlike(sentences.size());
      }
      int one = random.nextInt(sentences.size());
      int other = random.nextInt(sentences.size());
      double gap = sentences.get(one).rating() - sentences.get(other).rating();
      if (Math.abs(gap) >= SMALLEST_GAP) {
        pairs.add(gap > 0 ? new Pair(one, other) : new Pair(other, one));
      }
    }
    return pairs;
  }

  /** Writes both parts as preference rows. */
  void write(QuickstartFiles files) {
    Dataset.fromRows(train.stream().map(Comparison::row).toList()).toJsonl(files.comparisons());
    Dataset.fromRows(
            heldOut.stream()
                .map(
                    pair ->
                        new Comparison(
                                heldOutSentences.get(pair.chosen()),
                                heldOutSentences.get(pair.rejected()))
                            .row())
                .toList())
        .toJsonl(files.heldOutComparisons());
  }

  /**
   * How often a reward model agrees with people on the held-out pairs. The pairs share their
   * sentences, so the interval comes from resampling sentences: see {@link PairAccuracy}.
   *
   * @param scores of {@link #heldOutSentences}
   */
  Estimate accuracy(double[] scores, long seed) {
    return PairAccuracy.of(heldOut, scores, seed);
  }
}
