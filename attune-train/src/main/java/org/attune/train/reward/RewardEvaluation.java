package org.attune.train.reward;

import java.util.List;
import java.util.Map;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.MicroBatches;
import org.attune.train.session.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * Measures loss, accuracy and margin on pairs that are not learned.
 *
 * @param pairs none where there is nothing to evaluate on
 * @param everySteps steps between evaluations; null for one at the end
 */
record RewardEvaluation(
    List<Pair> pairs,
    PairScoring scoring,
    ReplicaGroup replicas,
    MicroBatches parts,
    @Nullable Integer everySteps) {

  /** Evaluates if it is due after a step. */
  void after(int step, long total, TrainingSession session) {
    boolean due = step == total || (everySteps != null && step % everySteps == 0);
    if (due && !pairs.isEmpty()) {
      PairSums sums = measure();
      session.metrics(
          step,
          Map.of(
              "eval_loss", sums.meanLoss(),
              "eval_accuracy", sums.accuracy(),
              "eval_margin", sums.meanMargin()));
    }
  }

  private PairSums measure() {
    return replicas.each(parts.of(pairs, Pair::length), scoring::forward).stream()
        .reduce(PairSums.NONE, PairSums::plus);
  }
}
