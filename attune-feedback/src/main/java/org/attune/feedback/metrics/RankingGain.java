package org.attune.feedback.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.feedback.question.RankedOption;

/**
 * Normalised discounted cumulative gain: 1 if the suggested order puts the best options first.
 * Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques".
 */
final class RankingGain {

  private RankingGain() {}

  /**
   * The gain of a suggested ranking. Of n options the best is worth n, the next n − 1 and so on;
   * options that the suggestion ties share the mean of their worths.
   *
   * @param reference complete, as is the suggestion
   */
  static double ndcg(List<RankedOption> suggestion, List<RankedOption> reference) {
    Map<String, Integer> worths = new TreeMap<>();
    reference.forEach(place -> worths.put(place.value(), reference.size() + 1 - rank(place)));
    double[] suggested = new double[suggestion.size()];
    List<RankedOption> order =
        suggestion.stream().sorted(Comparator.comparingInt(RankingGain::rank)).toList();
    for (int start = 0; start < order.size(); ) {
      int end = start;
      double sum = 0;
      while (end < order.size() && rank(order.get(end)) == rank(order.get(start))) {
        sum += worths.getOrDefault(order.get(end++).value(), 0);
      }
      Arrays.fill(suggested, start, end, sum / (end - start));
      start = end;
    }
    double[] best =
        worths.values().stream()
            .sorted(Comparator.reverseOrder())
            .mapToDouble(worth -> worth)
            .toArray();
    return discounted(suggested) / discounted(best);
  }

  private static double discounted(double[] worths) {
    double gain = 0;
    for (int place = 0; place < worths.length; place++) {
      gain += worths[place] * Math.log(2) / Math.log(place + 2.0);
    }
    return gain;
  }

  private static int rank(RankedOption place) {
    Integer rank = place.rank();
    return rank == null ? Integer.MAX_VALUE : rank;
  }
}
