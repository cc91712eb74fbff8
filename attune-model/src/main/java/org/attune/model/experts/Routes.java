package org.attune.model.experts;

import org.attune.tensor.Tensor;

/**
 * Which experts compute which tokens.
 *
 * @param weights of the k experts of each token, {@code [N, k]}
 */
record Routes(Plan plan, Tensor weights) {

  /**
   * The N · k pairs of token and slot, in the order of their experts; those of one expert in the
   * order of tokens.
   *
   * @param perToken k
   * @param sizes how many tokens each expert computes
   * @param pairs the pair that stands at each place: token · k + slot
   * @param places the place of each pair
   */
  record Plan(int perToken, int[] sizes, int[] pairs, int[] places) {

    /**
     * Sorts pairs by expert.
     *
     * @param experts the expert of each pair
     */
    static Plan of(int[] experts, int perToken, int count) {
      int[] sizes = new int[count];
      for (int expert : experts) {
        sizes[expert]++;
      }
      int[] next = new int[count];
      for (int i = 1; i < count; i++) {
        next[i] = next[i - 1] + sizes[i - 1];
      }
      int[] pairs = new int[experts.length];
      int[] places = new int[experts.length];
      for (int pair = 0; pair < experts.length; pair++) {
        int place = next[experts[pair]]++;
        pairs[place] = pair;
        places[pair] = place;
      }
      return new Plan(perToken, sizes, pairs, places);
    }

    /** Rows of {@code x}, {@code [N, C]}, by expert: {@code [N · k, C]}. */
    Tensor byExpert(Tensor x) {
      int[] tokens = new int[pairs.length];
      for (int place = 0; place < pairs.length; place++) {
        tokens[place] = pairs[place] / perToken;
      }
      return x.embedding(Tensor.indices(tokens));
    }
  }

  /**
   * The weighted sum of what a token's experts made of it.
   *
   * @param byExpert {@code [N · k, C]}
   * @return {@code [N, C]}
   */
  Tensor summed(Tensor byExpert) {
    long tokens = weights.size(0);
    long width = byExpert.size(1);
    // every row is picked once, so gradients do not depend on the order of threads
    Tensor byToken = byExpert.embedding(Tensor.indices(plan.places)); // [N · k, C]
    return byToken.view(tokens, plan.perToken, width).times(weights.unsqueezed(2)).sum(1);
  }
}
