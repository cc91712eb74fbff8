package org.attune.feedback.agreement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.feedback.question.RankedOption;

/** How far two answers are apart, from 0 to 1. */
final class Distances {

  private Distances() {}

  static double nominal(Object first, Object second) {
    return first.equals(second) ? 0 : 1;
  }

  /**
   * One minus the overlap of two sets, which counts less when neither holds the other: MASI,
   * Passonneau 2006, "Measuring agreement on set-valued items (MASI) for semantic and pragmatic
   * annotation".
   */
  static double masi(Set<Object> first, Set<Object> second) {
    Set<Object> both = new HashSet<>(first);
    both.retainAll(second);
    if (both.isEmpty()) {
      return first.equals(second) ? 0 : 1;
    }
    double overlap = (double) both.size() / (first.size() + second.size() - both.size());
    if (first.equals(second)) {
      return 0;
    }
    boolean contained = both.size() == Math.min(first.size(), second.size());
    return 1 - overlap * (contained ? 2.0 / 3 : 1.0 / 3);
  }

  /** The share of the pairs of options that two rankings order differently; ties count half. */
  static double kendall(List<RankedOption> first, List<RankedOption> second) {
    Map<String, Integer> firstRanks = ranks(first);
    Map<String, Integer> secondRanks = ranks(second);
    List<String> options = firstRanks.keySet().stream().sorted().toList();
    double discordant = 0;
    int pairs = 0;
    for (int i = 0; i < options.size(); i++) {
      for (int j = 0; j < i; j++) {
        int inFirst = order(firstRanks, options.get(i), options.get(j));
        int inSecond = order(secondRanks, options.get(i), options.get(j));
        discordant += Math.abs(inFirst - inSecond) / 2.0;
        pairs++;
      }
    }
    return pairs == 0 ? 0 : discordant / pairs;
  }

  private static Map<String, Integer> ranks(List<RankedOption> ranking) {
    Map<String, Integer> ranks = new HashMap<>();
    for (RankedOption option : ranking) {
      Integer rank = option.rank();
      ranks.put(option.value(), rank == null ? 0 : rank);
    }
    return ranks;
  }

  private static int order(Map<String, Integer> ranks, String one, String other) {
    return Integer.compare(ranks.getOrDefault(one, 0), ranks.getOrDefault(other, 0));
  }
}
