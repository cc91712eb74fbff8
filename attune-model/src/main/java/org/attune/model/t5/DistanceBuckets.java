package org.attune.model.t5;

import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.transformer.PositionBias;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * Distances between tokens in buckets: small ones each in its own, larger ones in buckets that grow
 * with the logarithm, all from {@code farthest} on in the last. Raffel et al. 2020
 * (arXiv:1910.10683), section 2.1.
 *
 * @param buckets how many there are, for both directions together
 * @param farthest the first distance that is told from no larger one
 */
record DistanceBuckets(int buckets, int farthest) {
  /** Each direction of an encoder needs one bucket for a distance of its own and a larger one. */
  private static final int LEAST = 4;

  static DistanceBuckets read(ConfigJson json) {
    int buckets = json.integer("relative_attention_num_buckets", 32);
    int farthest = json.integer("relative_attention_max_distance", 128);
    if (buckets < LEAST) {
      throw json.mismatch("relative_attention_num_buckets", "at least " + LEAST);
    }
    if (farthest <= buckets / 2) {
      throw json.mismatch(
          "relative_attention_max_distance", "more than half of relative_attention_num_buckets");
    }
    return new DistanceBuckets(buckets, farthest);
  }

  /**
   * The learned bias of each distance.
   *
   * @param table {@code [buckets, H]}
   * @param bothWays whether keys behind the query have buckets of their own, as in an encoder; in a
   *     decoder, nothing looks at them
   */
  PositionBias bias(Tensor table, boolean bothWays) {
    int[] near = ofDistances(bothWays ? buckets / 2 : buckets);
    return (firstQuery, queries, keys) -> {
      int[] ids = new int[queries * keys];
      for (int query = 0; query < queries; query++) {
        for (int key = 0; key < keys; key++) {
          int ahead = key - (firstQuery + query);
          int distance = bothWays ? Math.abs(ahead) : Math.max(0, -ahead);
          int bucket = near[Math.min(distance, near.length - 1)];
          ids[query * keys + key] = bothWays && ahead > 0 ? buckets / 2 + bucket : bucket;
        }
      }
      return table // [queries · keys, H]
          .embedding(Tensor.indices(ids))
          .transposed(0, 1)
          .reshaped(table.size(1), queries, keys);
    };
  }

  /**
   * The bucket of every distance up to {@code farthest}, of {@code available} for one direction.
   */
  private int[] ofDistances(int available) {
    int exact = available / 2;
    float[] distances = new float[farthest + 1];
    for (int d = 0; d <= farthest; d++) {
      distances[d] = Math.max(d, exact);
    }
    float[] larger = // in float32 as the original, which decides where a bucket ends
        TensorScope.with(
            () ->
                Tensor.vector(distances)
                    .dividedBy(exact)
                    .log()
                    .dividedBy(Math.log((double) farthest / exact))
                    .times(available - exact)
                    .toFloats());
    int[] buckets = new int[farthest + 1];
    for (int d = 0; d <= farthest; d++) {
      buckets[d] = d < exact ? d : Math.min(exact + (int) larger[d], available - 1);
    }
    return buckets;
  }
}
