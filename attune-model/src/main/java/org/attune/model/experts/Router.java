package org.attune.model.experts;

import org.attune.model.transformer.ExpertLoad;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for each token the k experts that softmax(W x) is largest for, and weighs them by it.
 * Shazeer et al. 2017 (arXiv:1701.06538), section 2.
 *
 * @param gate {@code [C]} to {@code [E]}
 * @param normed whether the weights of a token sum to 1
 */
record Router(Projection gate, int perToken, boolean normed) {

  /** Routes the tokens of {@code x}, {@code [N, C]}. */
  Routes of(Tensor x, @Nullable ExpertLoad load) {
    Tensor probabilities = gate.of(x).softmax(); // [N, E]
    int tokens = Math.toIntExact(x.size(0));
    int experts = Math.toIntExact(probabilities.size(1));
    float[] values = probabilities.toFloats();
    int[] chosen = new int[tokens * perToken];
    for (int token = 0; token < tokens; token++) {
      choose(values, token * experts, experts, chosen, token * perToken);
    }
    Routes.Plan plan = Routes.Plan.of(chosen, perToken, experts);
    if (load != null) {
      load.add(probabilities, plan.sizes());
    }
    Tensor weights = probabilities.gather(1, Tensor.of(chosen, tokens, perToken)); // [N, k]
    return new Routes(plan, normed ? weights.dividedBy(weights.sum(1).unsqueezed(1)) : weights);
  }

  /** The largest first; of equal ones, the first. */
  private void choose(float[] values, int from, int experts, int[] chosen, int to) {
    boolean[] taken = new boolean[experts];
    for (int slot = 0; slot < perToken; slot++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!taken[e] && (best < 0 || values[from + e] > values[from + best])) {
          best = e;
        }
      }
      taken[best] = true;
      chosen[to + slot] = best;
    }
  }
}
