package org.attune.train.reward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.model.tokenizer.TokenSequence;

/**
 * Pairs that share texts, directly or by way of other pairs: they are best scored together.
 *
 * @param length tokens of all its texts, each counted once
 */
record PairGroup(List<Pair> pairs, int length) {

  /** The groups of a batch; a pair that shares no text is a group of its own. */
  static List<PairGroup> of(List<Pair> batch) {
    Map<TokenSequence, Integer> firstPairOf = new HashMap<>();
    int[] leader = new int[batch.size()];
    for (int i = 0; i < leader.length; i++) {
      leader[i] = i;
      for (TokenSequence side : List.of(batch.get(i).chosen(), batch.get(i).rejected())) {
        Integer earlier = firstPairOf.putIfAbsent(side, i);
        if (earlier != null) {
          int mine = leaderOf(leader, i);
          int theirs = leaderOf(leader, earlier);
          leader[Math.max(mine, theirs)] = Math.min(mine, theirs);
        }
      }
    }
    Map<Integer, List<Pair>> groups = new LinkedHashMap<>();
    for (int i = 0; i < leader.length; i++) {
      groups.computeIfAbsent(leaderOf(leader, i), l -> new ArrayList<>()).add(batch.get(i));
    }
    return groups.values().stream().map(PairGroup::sharing).toList();
  }

  private static int leaderOf(int[] leader, int pair) {
    int found = pair;
    while (leader[found] != found) {
      found = leader[found];
    }
    return found;
  }

  private static PairGroup sharing(List<Pair> pairs) {
    int length =
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
            .distinct()
            .mapToInt(TokenSequence::length)
            .sum();
    return new PairGroup(pairs, length);
  }

  static List<Pair> pairsOf(List<PairGroup> groups) {
    return groups.stream().flatMap(group -> group.pairs().stream()).toList();
  }
}
