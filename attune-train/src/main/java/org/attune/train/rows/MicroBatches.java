package org.attune.train.rows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Deals the sequences of a step out to replicas, in parts that bound memory.
 *
 * <p>The longest sequences are dealt first, each to the replica with the fewest tokens so far; a
 * replica's share is then cut, longest first, into parts of at most the token budget. Neighbours in
 * a part are of similar length, so attention has little filler.
 */
public final class MicroBatches {
  /**
   * Activations of one layer grow with tokens times channels; this bounds them to some tens of MiB.
   */
  private static final int BUDGET = 1 << 20;

  private final int replicas;
  private final int tokenBudget;

  /**
   * Parts whose activations are bounded.
   *
   * @param replicas how many work side by side
   * @param hiddenSize channels of the model
   */
  public MicroBatches(int replicas, int hiddenSize) {
    this(replicas, hiddenSize, 512);
  }

  private MicroBatches(int replicas, int width, int least) {
    this.replicas = replicas;
    tokenBudget = Math.max(least, BUDGET / width);
  }

  /** Parts where each token may have logits over a whole vocabulary too. */
  public static MicroBatches withLogits(int replicas, int hiddenSize, int vocabularySize) {
    return new MicroBatches(replicas, Math.max(hiddenSize, vocabularySize / 16), 64);
  }

  /**
   * The parts of a step; part i is for replica i modulo their number. Parts may be empty where
   * there are fewer sequences than replicas.
   */
  public <T> List<List<T>> of(List<T> sequences, ToIntFunction<T> length) {
    List<List<T>> shares = new ArrayList<>();
    int[] tokens = new int[replicas];
    for (int i = 0; i < replicas; i++) {
      shares.add(new ArrayList<>());
    }
    List<T> longestFirst =
        sequences.stream().sorted(Comparator.comparingInt(length).reversed()).toList();
    for (T sequence : longestFirst) {
      int lightest = 0;
      for (int i = 1; i < replicas; i++) {
        lightest = tokens[i] < tokens[lightest] ? i : lightest;
      }
      shares.get(lightest).add(sequence);
      tokens[lightest] += length.applyAsInt(sequence);
    }
    List<List<List<T>>> cut = shares.stream().map(share -> cut(share, length)).toList();
    int rounds = cut.stream().mapToInt(List::size).max().orElse(0);
    List<List<T>> parts = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (List<List<T>> ofReplica : cut) {
        parts.add(round < ofReplica.size() ? ofReplica.get(round) : List.of());
      }
    }
    return parts;
  }

  private <T> List<List<T>> cut(List<T> share, ToIntFunction<T> length) {
    List<List<T>> parts = new ArrayList<>();
    List<T> part = new ArrayList<>();
    int tokens = 0;
    for (T sequence : share) {
      int own = length.applyAsInt(sequence);
      if (!part.isEmpty() && tokens + own > tokenBudget) {
        parts.add(part);
        part = new ArrayList<>();
        tokens = 0;
      }
      part.add(sequence);
      tokens += own;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
