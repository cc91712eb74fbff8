package org.attune.feedback.agreement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;

/**
 * Krippendorff's alpha: 1 − observed disagreement / disagreement expected by chance.
 *
 * <p>1 is perfect agreement, 0 is what chance gives, below 0 is systematic disagreement. A unit is
 * what was judged; its values may come from different people in each unit, and units with fewer
 * than two values do not count. Without any such unit there is no alpha; without any disagreement
 * it is 1.
 */
final class KrippendorffAlpha {

  /*
   * With m values in a unit and n values in all, observed disagreement is the mean over all values
   * of the mean distance to the m − 1 others of the unit; the expected one is the mean distance of
   * all n (n − 1) ordered pairs. Both need only the counts of distinct values, and for squared
   * differences only sums, so no pair is visited twice: Hayes and Krippendorff 2007, "Answering
   * the call for a standard reliability measure for coding data".
   */

  private KrippendorffAlpha() {}

  /** Alpha for whole numbers under the squared difference. */
  static OptionalDouble interval(List<List<Integer>> units) {
    double observed = 0;
    long count = 0;
    long sum = 0;
    long squares = 0;
    for (List<Integer> unit : units) {
      if (unit.size() < 2) {
        continue;
      }
      long unitSum = 0;
      long unitSquares = 0;
      for (int value : unit) {
        unitSum += value;
        unitSquares += (long) value * value;
      }
      observed += 2.0 * (unit.size() * unitSquares - unitSum * unitSum) / (unit.size() - 1);
      count += unit.size();
      sum += unitSum;
      squares += unitSquares;
    }
    return alpha(observed, 2.0 * ((double) count * squares - (double) sum * sum), count);
  }

  /**
   * Alpha for any values under any distance.
   *
   * @param distance symmetric, 0 for equal values, from 0 to 1
   */
  static <T> OptionalDouble of(List<List<T>> units, ToDoubleBiFunction<T, T> distance) {
    double observed = 0;
    long count = 0;
    Map<T, Long> all = new HashMap<>();
    for (List<T> unit : units) {
      if (unit.size() < 2) {
        continue;
      }
      Map<T, Long> counts = new HashMap<>();
      unit.forEach(value -> counts.merge(value, 1L, Long::sum));
      observed += orderedPairs(counts, distance) / (unit.size() - 1);
      count += unit.size();
      counts.forEach((value, number) -> all.merge(value, number, Long::sum));
    }
    return alpha(observed, orderedPairs(all, distance), count);
  }

  private static <T> double orderedPairs(Map<T, Long> counts, ToDoubleBiFunction<T, T> distance) {
    List<Map.Entry<T, Long>> entries = new ArrayList<>(counts.entrySet());
    double total = 0;
    for (int i = 0; i < entries.size(); i++) {
      for (int j = 0; j < i; j++) {
        total +=
            2.0
                * entries.get(i).getValue()
                * entries.get(j).getValue()
                * distance.applyAsDouble(entries.get(i).getKey(), entries.get(j).getKey());
      }
    }
    return total;
  }

  private static OptionalDouble alpha(double observed, double expectedPairs, long count) {
    if (count == 0) {
      return OptionalDouble.empty();
    }
    if (expectedPairs == 0) {
      return OptionalDouble.of(1);
    }
    return OptionalDouble.of(1 - (count - 1.0) * observed / expectedPairs);
  }
}
