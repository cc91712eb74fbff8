package org.attune.model.classify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a classifier makes of one text.
 *
 * @param logits the score head's output, one for each label; of a reward model the reward itself
 * @param scores each label's share, in the labels' order: of a single label σ(logit), of several
 *     their softmax
 */
public record Classification(List<Double> logits, Map<String, Double> scores) {
  public Classification {
    logits = List.copyOf(logits);
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  static Classification of(List<String> labels, float[] logits) {
    double[] shares = logits.length == 1 ? sigmoid(logits) : softmax(logits);
    List<Double> wide = new ArrayList<>();
    Map<String, Double> scores = new LinkedHashMap<>();
    for (int i = 0; i < logits.length; i++) {
      wide.add((double) logits[i]);
      scores.put(labels.get(i), shares[i]);
    }
    return new Classification(wide, scores);
  }

  /** The label with the largest score; of equal ones the first. */
  public String label() {
    String best = "";
    double highest = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Double> entry : scores.entrySet()) {
      if (entry.getValue() > highest) {
        best = entry.getKey();
        highest = entry.getValue();
      }
    }
    return best;
  }

  /** The largest score. */
  public double score() {
    return Collections.max(scores.values());
  }

  private static double[] sigmoid(float[] logits) {
    return new double[] {1 / (1 + Math.exp(-logits[0]))};
  }

  private static double[] softmax(float[] logits) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double[] shares = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(logits[i] - highest);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
