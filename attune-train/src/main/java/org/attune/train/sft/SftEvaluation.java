package org.attune.train.sft;

import java.util.List;
import java.util.Map;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.attune.train.session.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * Measures the loss on rows that are not learned: the mean over all their learned tokens, in nats.
 *
 * @param examples none where there is nothing to evaluate on
 * @param everySteps steps between evaluations; null for one at the end
 */
record SftEvaluation(
    List<Example> examples,
    ReplicaGroup replicas,
    MicroBatches parts,
    @Nullable Integer everySteps) {

  /** Evaluates if it is due after a step. */
  void after(int step, long total, TrainingSession session) {
    boolean due = step == total || (everySteps != null && step % everySteps == 0);
    if (due && !examples.isEmpty()) {
      TokenLoss.Sums sums = measure();
      session.metrics(
          step,
          Map.of(
              "eval_loss", sums.loss() / sums.count(),
              "eval_mean_token_accuracy", (double) sums.correct() / sums.count()));
    }
  }

  TokenLoss.Sums measure() {
    return replicas.each(parts.of(examples, Example::tokens), TokenLoss::forward).stream()
        .reduce(TokenLoss.Sums.NONE, TokenLoss.Sums::plus);
  }
}
