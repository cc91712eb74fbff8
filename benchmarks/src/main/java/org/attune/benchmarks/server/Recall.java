package org.attune.benchmarks.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;

/** How many of the nearest records a search by vector finds. */
final class Recall {

  private final float[][] vectors;
  private final int step;
  private final int wanted;

  /**
   * Recall of the first records of a load.
   *
   * @param count how many records have a vector
   * @param step the distance of their numbers: 0, step, 2 step, …
   * @param wanted how many neighbours are asked for
   */
  Recall(int count, int step, int wanted) {
    this.vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = unit(LoadRecord.vector((long) i * step));
    }
    this.step = step;
    this.wanted = wanted;
  }

  /** The share of the truly nearest that are found: the mean over queries. */
  double of(int queries, int firstSeed, Function<float[], JsonNode> search) {
    double sum = 0;
    for (int q = 0; q < queries; q++) {
      float[] query = LoadRecord.vector((long) firstSeed + q); // of no record
      Set<Integer> found = new HashSet<>();
      search
          .apply(query)
          .path("items")
          .forEach(
              item ->
                  found.add(LoadRecord.number(item.path("record").path("external_id").asText())));
      Set<Integer> nearest = nearest(unit(query));
      found.retainAll(nearest);
      sum += (double) found.size() / nearest.size();
    }
    return sum / queries;
  }

  private record Near(int index, float cosine) {}

  private Set<Integer> nearest(float[] query) {
    PriorityQueue<Near> best = new PriorityQueue<>(Comparator.comparing(Near::cosine));
    for (int i = 0; i < vectors.length; i++) {
      best.add(new Near(i, dot(vectors[i], query)));
      if (best.size() > wanted) {
        best.poll();
      }
    }
    Set<Integer> numbers = new HashSet<>();
    best.forEach(near -> numbers.add(near.index() * step));
    return numbers;
  }

  private static float[] unit(float[] vector) {
    float length = (float) Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  private static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
