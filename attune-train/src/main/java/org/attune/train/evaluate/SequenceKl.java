package org.attune.train.evaluate;

import java.util.List;
import org.attune.model.Replica;
import org.attune.model.transformer.Completions;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;

/**
 * How far a policy π has moved from its reference π_ref: KL(π ‖ π_ref) of whole continuations, in
 * nats.
 *
 * <p>Estimated as the mean over prompts of Σ_t log π(y_t) − log π_ref(y_t), where the continuation
 * y was sampled from π at temperature 1 without filters. The estimate has no bias, and single
 * sequences may be below 0.
 */
public final class SequenceKl {
  private static final int SEQUENCES_AT_ONCE = 32;

  private SequenceKl() {}

  /**
   * Estimates the divergence from what the policy wrote.
   *
   * @param policy frozen; the model that wrote the completions
   * @param reference frozen
   * @param prompts token ids, at least one each
   * @param completions what the policy wrote, in the same order
   * @throws IllegalArgumentException if there are none, or the counts differ
   */
  public static double of(
      Replica policy,
      Replica reference,
      Workers workers,
      List<int[]> prompts,
      List<int[]> completions) {
    if (prompts.size() != completions.size() || prompts.isEmpty()) {
      throw new IllegalArgumentException(
          "%,d completions do not belong to %,d prompts. Give one for each, at least one."
              .formatted(completions.size(), prompts.size()));
    }
    int parts = (prompts.size() + SEQUENCES_AT_ONCE - 1) / SEQUENCES_AT_ONCE;
    List<Double> sums =
        workers.each(
            worker -> {
              double sum = 0;
              for (int part = worker; part < parts; part += workers.count()) {
                int from = part * SEQUENCES_AT_ONCE;
                int to = Math.min(prompts.size(), from + SEQUENCES_AT_ONCE);
                List<int[]> written = completions.subList(from, to);
                List<int[]> own = prompts.subList(from, to);
                sum += logProb(policy, own, written) - logProb(reference, own, written);
              }
              return sum;
            });
    return sums.stream().mapToDouble(Double::doubleValue).sum() / prompts.size();
  }

  /** Σ log p of all tokens of all completions. */
  private static double logProb(Replica model, List<int[]> prompts, List<int[]> written) {
    Completions completions = model.completions(prompts, written);
    if (completions.tokens().length == 0) {
      return 0;
    }
    return GradientMode.without(
        () ->
            TensorScope.with(
                () ->
                    -model
                        .logits(completions.predicting(model.hidden(completions.batch()))) // [M, V]
                        .crossEntropySum(Tensor.indices(completions.tokens()))
                        .item()));
  }
}
