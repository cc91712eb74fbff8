package org.attune.model.transformer;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * How the tokens of one pass were spread over experts, in all layers that have experts together.
 *
 * <p>Belongs to one pass of one thread, and its sums to the scope that it is made in; a model
 * without experts adds nothing.
 */
public final class ExpertLoad {
  private final TensorScope home = TensorScope.innermost();
  private @Nullable Tensor probabilities; // [E], summed over tokens and layers
  private float[] chosen = new float[0];
  private long rows;

  /**
   * Adds one layer.
   *
   * @param ofTokens each token's probabilities of experts, {@code [N, E]}
   * @param chosenBy how many tokens chose each of the E experts
   */
  public void add(Tensor ofTokens, int[] chosenBy) {
    Tensor sum = ofTokens.sum(0);
    probabilities = home.adopt(probabilities == null ? sum : probabilities.plus(sum));
    if (chosen.length == 0) {
      chosen = new float[chosenBy.length];
    }
    for (int i = 0; i < chosenBy.length; i++) {
      chosen[i] += chosenBy[i];
    }
    rows += ofTokens.size(0);
  }

  /**
   * E Σ f p, where f is the share of tokens that chose an expert and p its mean probability: k, the
   * experts of a token, where all are loaded alike. Gradients flow through p. Fedus et al. 2021
   * (arXiv:2101.03961), equations 4 to 6, with the means over all layers as transformers takes
   * them.
   *
   * @throws IllegalStateException if no layer was added
   */
  public Tensor balanceLoss() {
    if (probabilities == null) {
      throw new IllegalStateException("No layer of the model has experts.");
    }
    Tensor shares = Tensor.vector(chosen).dividedBy((double) rows);
    return shares.times(probabilities.dividedBy((double) rows)).sum().times(chosen.length);
  }
}
