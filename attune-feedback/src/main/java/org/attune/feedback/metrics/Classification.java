package org.attune.feedback.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Counts of right and wrong classes. Precision, recall and F1 are means over all classes that
 * occur, each class counting the same; a class that was never predicted has precision 0.
 */
final class Classification {

  private final Map<String, Integer> hits = new HashMap<>();
  private final Map<String, Integer> predicted = new HashMap<>();
  private final Map<String, Integer> actual = new HashMap<>();
  private final Map<String, Map<String, Integer>> confusion = new LinkedHashMap<>();
  private int exact;
  private int pairs;

  /** Counts a pair of which each side has any number of classes. */
  void add(Set<String> prediction, Set<String> reference) {
    pairs++;
    if (prediction.equals(reference)) {
      exact++;
    }
    for (String label : prediction) {
      predicted.merge(label, 1, Integer::sum);
      if (reference.contains(label)) {
        hits.merge(label, 1, Integer::sum);
      }
    }
    reference.forEach(label -> actual.merge(label, 1, Integer::sum));
  }

  /** Counts a pair of single classes. */
  void add(String prediction, String reference) {
    add(Set.of(prediction), Set.of(reference));
    confusion
        .computeIfAbsent(reference, label -> new LinkedHashMap<>())
        .merge(prediction, 1, Integer::sum);
  }

  /** From the class that people gave to how often each class was suggested for it. */
  Map<String, Map<String, Integer>> confusion() {
    return confusion;
  }

  void writeTo(Map<String, Double> scores) {
    Set<String> classes = new TreeSet<>(predicted.keySet());
    classes.addAll(actual.keySet());
    List<Double> precisions = new ArrayList<>();
    List<Double> recalls = new ArrayList<>();
    List<Double> harmonic = new ArrayList<>();
    for (String label : classes) {
      int right = hits.getOrDefault(label, 0);
      int all = predicted.getOrDefault(label, 0);
      int wanted = actual.getOrDefault(label, 0);
      precisions.add(share(right, all));
      recalls.add(share(right, wanted));
      harmonic.add(share(2 * right, all + wanted));
    }
    scores.put("accuracy", share(exact, pairs));
    scores.put("precision", mean(precisions));
    scores.put("recall", mean(recalls));
    scores.put("f1", mean(harmonic));
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
