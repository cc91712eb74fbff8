package org.attune.model.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Chooses among all continuations of all beams. A place is a beam's number times the vocabulary's
 * size, plus the token's id.
 */
final class BeamCandidates {
  private final float[][] scores;
  private final int vocabularySize;

  private record Scored(int place, float score) {}

  /**
   * @param scores for each beam one for each token; −∞ where a token is forbidden
   */
  BeamCandidates(float[][] scores) {
    this.scores = scores;
    vocabularySize = scores[0].length;
  }

  /** The places of the best ones, best first; fewer if no more are allowed. */
  int[] best(int count) {
    Comparator<Scored> order =
        Comparator.comparingDouble(Scored::score)
            .thenComparing(Comparator.comparingInt(Scored::place).reversed());
    PriorityQueue<Scored> heap = new PriorityQueue<>(order); // the worst of the best on top
    float least = Float.NEGATIVE_INFINITY;
    for (int beam = 0; beam < scores.length; beam++) {
      for (int id = 0; id < vocabularySize; id++) {
        if (scores[beam][id] > least) {
          heap.add(new Scored(beam * vocabularySize + id, scores[beam][id]));
          if (heap.size() > count) {
            heap.remove();
          }
          if (heap.size() == count) {
            least = heap.element().score;
          }
        }
      }
    }
    return heap.stream().sorted(order.reversed()).mapToInt(Scored::place).toArray();
  }

  /** Places drawn without replacement from the softmax of the scores, in the order drawn. */
  int[] drawn(int count, RandomGenerator random) {
    double[] weights = weights();
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      double total = 0;
      for (double weight : weights) {
        total += weight;
      }
      if (total == 0) {
        return Arrays.copyOf(places, i);
      }
      places[i] = at(weights, TokenSampler.uniform(random) * total);
      weights[places[i]] = 0;
    }
    return places;
  }

  private double[] weights() {
    float max = Float.NEGATIVE_INFINITY;
    for (float[] row : scores) {
      for (float score : row) {
        max = Math.max(max, score);
      }
    }
    double[] weights = new double[scores.length * vocabularySize];
    for (int place = 0; place < weights.length; place++) {
      weights[place] = Math.exp(scores[place / vocabularySize][place % vocabularySize] - max);
    }
    return weights;
  }

  private static int at(double[] weights, double point) {
    double sum = 0;
    int last = 0;
    for (int place = 0; place < weights.length; place++) {
      if (weights[place] > 0) {
        last = place;
        sum += weights[place];
        if (sum > point) {
          break;
        }
      }
    }
    return last;
  }
}
