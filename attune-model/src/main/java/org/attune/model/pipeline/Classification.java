package org.attune.model.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a classifier makes of one text.
 *
 * @param logits the score head's output, one for each label; of a reward model the reward itself
 * @param scores each label's score, in the labels' order
 */
public record Classification(List<Double> logits, Map<String, Double> scores) {
  public Classification {
    logits = List.copyOf(logits);
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  static Classification of(List<String> labels, float[] logits, ScoreFunction function) {
    double[] each = function.of(logits);
    List<Double> wide = new ArrayList<>();
    Map<String, Double> scores = new LinkedHashMap<>();
    for (int i = 0; i < logits.length; i++) {
      wide.add((double) logits[i]);
      scores.put(labels.get(i), each[i]);
    }
    return new Classification(wide, scores);
  }

  /** The label with the largest score; of equal ones the first. */
  public String label() {
    return top(1).keySet().iterator().next();
  }

  /** The largest score. */
  public double score() {
    return Collections.max(scores.values());
  }

  /** The {@code count} largest scores by their labels, the largest first. */
  public Map<String, Double> top(int count) {
    Map<String, Double> top = new LinkedHashMap<>();
    scores.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(count)
        .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
    return top;
  }
}
