package org.attune.train.sft;

import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.train.optimize.Adam;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.jspecify.annotations.Nullable;

/**
 * One optimizer step on the mean cross-entropy of all learned tokens of its sequences, however they
 * are split into parts.
 */
final class SftStep {
  private final ReplicaGroup replicas;
  private final MicroBatches microBatches;
  private final Adam adam;
  private final double maxGradNorm;
  private final double routerWeight;

  SftStep(ReplicaGroup replicas, MicroBatches microBatches, Adam adam, double maxGradNorm) {
    this(replicas, microBatches, adam, maxGradNorm, 0);
  }

  /**
   * A step that also keeps experts evenly loaded.
   *
   * @param routerWeight what the router's loss is multiplied by; 0 leaves it out
   */
  SftStep(
      ReplicaGroup replicas,
      MicroBatches microBatches,
      Adam adam,
      double maxGradNorm,
      double routerWeight) {
    this.replicas = replicas;
    this.microBatches = microBatches;
    this.adam = adam;
    this.maxGradNorm = maxGradNorm;
    this.routerWeight = routerWeight;
  }

  /**
   * What a step did.
   *
   * @param sums over its learned tokens
   * @param routerLoss mean over its parts, each weighing as many tokens as it has; 0 where left out
   * @param gradNorm the gradients' norm before clipping
   */
  record Result(TokenLoss.Sums sums, double routerLoss, double gradNorm) {
    /** Mean cross-entropy, nats per learned token. */
    double loss() {
      return sums.loss() / sums.count();
    }
  }

  /**
   * Takes the step.
   *
   * @param sequences of the whole step; at least one learned token among them
   */
  Result take(List<Example> sequences, double learningRate, TokenLoss.Figures wanted) {
    return take(sequences, null, learningRate, wanted);
  }

  /**
   * As {@link #take(List, double, TokenLoss.Figures)} with dropout.
   *
   * @param seeds of the sequences; null drops nothing
   */
  Result take(
      List<Example> sequences,
      @Nullable DropoutSeeds seeds,
      double learningRate,
      TokenLoss.Figures wanted) {
    // 1. the number of learned tokens, by which every part's loss is divided
    long tokens = sequences.stream().mapToLong(Example::learnedCount).sum();
    long allTokens = sequences.stream().mapToLong(Example::tokens).sum();

    // 2. forward and backward of every part on its replica
    List<Integer> places = IntStream.range(0, sequences.size()).boxed().toList();
    replicas.clearGradients();
    TokenLoss.Sums sums =
        replicas
            .accumulate(
                microBatches.of(places, place -> sequences.get(place).tokens()),
                (replica, part) ->
                    TokenLoss.backward(
                        replica,
                        part.stream().map(sequences::get).toList(),
                        seeds == null ? null : seeds.of(part),
                        1.0 / tokens,
                        routerWeight / allTokens,
                        wanted))
            .stream()
            .reduce(TokenLoss.Sums.NONE, TokenLoss.Sums::plus);

    // 3. one optimizer step on the sum of the gradients, clipped
    double gradNorm = replicas.step(adam, maxGradNorm, learningRate);
    return new Result(sums, sums.router() / allTokens, gradNorm);
  }
}
