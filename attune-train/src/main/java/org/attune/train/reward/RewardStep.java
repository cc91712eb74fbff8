package org.attune.train.reward;

import java.util.List;
import org.attune.train.optimize.Adam;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.MicroBatches;
import org.jspecify.annotations.Nullable;

/** One optimizer step on the mean loss of all its pairs, however they are split into parts. */
final class RewardStep {
  private final PairScoring scoring;
  private final ReplicaGroup replicas;
  private final MicroBatches microBatches;
  private final Adam adam;
  private final double maxGradNorm;

  RewardStep(
      PairScoring scoring,
      ReplicaGroup replicas,
      MicroBatches microBatches,
      Adam adam,
      double maxGradNorm) {
    this.scoring = scoring;
    this.replicas = replicas;
    this.microBatches = microBatches;
    this.adam = adam;
    this.maxGradNorm = maxGradNorm;
  }

  /**
   * What a step did.
   *
   * @param sums over its pairs
   * @param gradNorm the gradients' norm before clipping
   */
  record Result(PairSums sums, double gradNorm) {
    boolean isFinite() {
      return Double.isFinite(sums.loss()) && Double.isFinite(gradNorm);
    }
  }

  /** Takes the step. */
  Result take(List<Pair> pairs, double learningRate) {
    return take(pairs, null, learningRate);
  }

  /**
   * Takes the step with dropout.
   *
   * @param dropout of the pairs' texts; null drops nothing
   */
  Result take(List<Pair> pairs, @Nullable TextDropout dropout, double learningRate) {
    // 1. forward and backward of every part on its replica; each pair weighs the same
    replicas.clearGradients();
    PairSums sums =
        replicas
            .accumulate(
                microBatches.of(PairGroup.of(pairs), PairGroup::length),
                (replica, part) ->
                    scoring.backward(replica, PairGroup.pairsOf(part), dropout, 1.0 / pairs.size()))
            .stream()
            .reduce(PairSums.NONE, PairSums::plus);

    // 2. one optimizer step on the sum of the gradients, clipped
    double gradNorm = replicas.step(adam, maxGradNorm, learningRate);
    return new Result(sums, gradNorm);
  }
}
