package org.attune.train.sft;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.Replica;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.model.dropout.Noise;
import org.attune.model.transformer.ExpertLoad;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.train.rows.Example;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of next tokens: −log softmax(logits)[next], summed over learned tokens, in nats.
 *
 * <p>The output layer runs on the positions that predict a learned token only, and in chunks whose
 * logits are differentiated at once: the memory for logits does not grow with the batch, and no
 * work is done on tokens that carry no loss.
 */
final class TokenLoss {
  /** What to report beside the loss. */
  enum Figures {
    /** The loss alone. */
    LOSS,
    /** Entropy and accuracy too, which cost two more passes over the logits. */
    ALL
  }

  /** Logits of one chunk: 16 Mi elements, 64 MiB. */
  private static final int CHUNK_ELEMENTS = 1 << 24;

  private TokenLoss() {}

  /**
   * Sums over the learned tokens of a part.
   *
   * @param loss Σ −log p(token), in nats
   * @param entropy Σ over positions of −Σ p log p, in nats
   * @param correct tokens that were the likeliest
   * @param count learned tokens
   * @param router the router's loss, times the part's tokens, learned or not; 0 where not asked for
   */
  record Sums(double loss, double entropy, long correct, long count, double router) {
    static final Sums NONE = new Sums(0, 0, 0, 0, 0);

    Sums plus(Sums other) {
      return new Sums(
          loss + other.loss,
          entropy + other.entropy,
          correct + other.correct,
          count + other.count,
          router + other.router);
    }
  }

  /**
   * Runs the model forward and backward.
   *
   * @param scale what the summed loss is multiplied by before differentiation: one over the step's
   *     tokens
   */
  static Sums backward(Replica replica, List<Example> part, double scale, Figures wanted) {
    return backward(replica, part, scale, 0, wanted);
  }

  /**
   * As {@link #backward(Replica, List, double, Figures)} with the loss that keeps experts evenly
   * loaded.
   *
   * @param routerScale what that loss, times the part's tokens, is multiplied by before
   *     differentiation; 0 leaves it out
   */
  static Sums backward(
      Replica replica, List<Example> part, double scale, double routerScale, Figures wanted) {
    return backward(replica, part, null, scale, routerScale, wanted);
  }

  /**
   * As {@link #backward(Replica, List, double, double, Figures)} with dropout.
   *
   * @param seeds of the part's sequences; null drops nothing
   */
  static Sums backward(
      Replica replica,
      List<Example> part,
      @Nullable DropoutSeeds seeds,
      double scale,
      double routerScale,
      Figures wanted) {
    int chunkSize = CHUNK_ELEMENTS / replica.vocabularySize();
    return backward(replica, part, seeds, scale, routerScale, wanted, chunkSize);
  }

  /** As {@link #backward(Replica, List, double, Figures)} in chunks of so many positions. */
  static Sums backward(
      Replica replica, List<Example> part, double scale, Figures wanted, int chunkSize) {
    return backward(replica, part, null, scale, 0, wanted, chunkSize);
  }

  private static Sums backward(
      Replica replica,
      List<Example> part,
      @Nullable DropoutSeeds seeds,
      double scale,
      double routerScale,
      Figures wanted,
      int chunkSize) {
    if (part.stream().allMatch(example -> example.learnedCount() == 0)) {
      return Sums.NONE;
    }
    Positions positions = Positions.of(part, seeds);
    ExpertLoad load = new ExpertLoad();
    Tensor predicting = // [M, C]
        replica.hidden(positions.batch, load).embedding(positions.rows());
    Tensor leaf = predicting.detached().collectGradient();
    Sums sums = Sums.NONE;
    for (int[] chunk : positions.chunks(chunkSize)) {
      sums =
          sums.plus(
              TensorScope.with(
                  () -> {
                    Tensor targets = positions.targets(chunk);
                    Tensor logits =
                        replica.logits(
                            leaf.narrow(0, chunk[0], chunk[1] - chunk[0]), positions.noise(chunk));
                    Tensor loss = logits.crossEntropySum(targets);
                    loss.times(scale).backward();
                    replica.collect();
                    return figures(loss, logits, targets, wanted);
                  }));
    }
    if (routerScale == 0) {
      predicting.backward(leaf.gradient());
      return sums;
    }
    // one backward pass through the model for both losses
    Tensor router = load.balanceLoss().times(positions.batch.tokens());
    predicting.times(leaf.gradient()).sum().plus(router.times(routerScale)).backward();
    return sums.plus(new Sums(0, 0, 0, 0, router.item()));
  }

  /** Runs the model forward. */
  static Sums forward(Replica replica, List<Example> part) {
    if (part.stream().allMatch(example -> example.learnedCount() == 0)) {
      return Sums.NONE;
    }
    Positions positions = Positions.of(part, null);
    return GradientMode.without(
        () -> {
          Tensor predicting = replica.hidden(positions.batch).embedding(positions.rows());
          Sums sums = Sums.NONE;
          for (int[] chunk : positions.chunks(CHUNK_ELEMENTS / replica.vocabularySize())) {
            sums =
                sums.plus(
                    TensorScope.with(
                        () -> {
                          Tensor targets = positions.targets(chunk);
                          Tensor logits =
                              replica.logits(predicting.narrow(0, chunk[0], chunk[1] - chunk[0]));
                          return figures(
                              logits.crossEntropySum(targets), logits, targets, Figures.ALL);
                        }));
          }
          return sums;
        });
  }

  private static Sums figures(Tensor loss, Tensor logits, Tensor targets, Figures wanted) {
    if (wanted == Figures.LOSS) {
      return new Sums(loss.item(), 0, 0, targets.count(), 0);
    }
    return GradientMode.without(
        () -> {
          Tensor logProbs = logits.detached().logSoftmax(); // [m, V]
          double entropy = -logProbs.exp().times(logProbs).sum().item();
          long correct = (long) logProbs.argmaxOfLast().isEqualTo(targets).sum().item();
          return new Sums(loss.item(), entropy, correct, targets.count(), 0);
        });
  }

  /** Which rows of a batch predict a learned token, and which token that is. */
  private static final class Positions {
    private final TokenBatch batch;
    private final int[] rows;
    private final int[] targets;

    private Positions(TokenBatch batch, int[] rows, int[] targets) {
      this.batch = batch;
      this.rows = rows;
      this.targets = targets;
    }

    static Positions of(List<Example> part, @Nullable DropoutSeeds seeds) {
      int count = part.stream().mapToInt(Example::learnedCount).sum();
      int[] rows = new int[count];
      int[] targets = new int[count];
      TokenBatch alone = TokenBatch.of(part.stream().map(Example::ids).toList());
      TokenBatch batch =
          (part.get(0).hasSource()
                  ? alone.reading(TokenBatch.of(part.stream().map(Example::source).toList()))
                  : alone)
              .dropping(seeds);
      int at = 0;
      for (int s = 0; s < part.size(); s++) {
        Example example = part.get(s);
        for (int t = 1; t < example.length(); t++) {
          if (example.isLearned()[t]) {
            rows[at] = batch.start(s) + t - 1;
            targets[at++] = example.ids()[t];
          }
        }
      }
      return new Positions(batch, rows, targets);
    }

    int count() {
      return rows.length;
    }

    Tensor rows() {
      return Tensor.indices(rows);
    }

    /** What rows of a chunk draw their dropout from; null without dropout. */
    @Nullable Noise noise(int[] chunk) {
      Noise noise = batch.noise();
      return noise == null ? null : noise.ofTokens(Arrays.copyOfRange(rows, chunk[0], chunk[1]));
    }

    Tensor targets(int[] chunk) {
      return Tensor.indices(Arrays.copyOfRange(targets, chunk[0], chunk[1]));
    }

    /** Ranges [from, to) of at most {@code size} positions. */
    List<int[]> chunks(int size) {
      int whole = Math.max(1, size);
      return IntStream.range(0, (count() + whole - 1) / whole)
          .mapToObj(i -> new int[] {i * whole, Math.min(count(), (i + 1) * whole)})
          .toList();
    }
  }
}
