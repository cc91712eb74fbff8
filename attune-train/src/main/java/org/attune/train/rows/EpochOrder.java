package org.attune.train.rows;

import java.util.List;
import java.util.stream.IntStream;
import org.attune.data.InvalidInputException;
import org.attune.run.TrainingConfig;

/**
 * Which rows each optimizer step reads.
 *
 * <p>Every epoch visits all rows in a new order that depends on the seed and the epoch's number
 * alone, so a resumed run needs nothing but its step to go on where it was. A batch is {@code
 * batch-size} rows; a step takes up to {@code gradient-accumulation-steps} batches of one epoch,
 * the last of an epoch fewer.
 */
public final class EpochOrder {
  private final TrainingConfig config;
  private final int rows;
  private final int rowsOfStep;
  private final int stepsOfEpoch;
  private long shuffledEpoch = -1;
  private int[] order = {};

  /**
   * @param rows how many there are, more than 0
   */
  public EpochOrder(TrainingConfig config, int rows) {
    this.config = config;
    this.rows = rows;
    int batches = config.dropLast() ? rows / config.batchSize() : ceilDiv(rows, config.batchSize());
    if (batches == 0) {
      throw new InvalidInputException(
          "%,d rows do not fill one batch of training.batch-size %,d, and training.drop-last leaves incomplete ones out. Lower the batch size or set drop-last to false."
              .formatted(rows, config.batchSize()));
    }
    rowsOfStep = config.batchSize() * config.gradientAccumulationSteps();
    stepsOfEpoch = ceilDiv(batches, config.gradientAccumulationSteps());
  }

  /** Optimizer steps of the whole run. */
  public long totalSteps() {
    Integer maxSteps = config.maxSteps();
    return maxSteps != null ? maxSteps : (long) Math.ceil(config.epochs() * stepsOfEpoch);
  }

  /** Passes over the rows once {@code steps} steps are done. */
  public double epochAfter(long steps) {
    return (double) steps / stepsOfEpoch;
  }

  /** The indices of the rows of a step, counted from 0. */
  public List<Integer> rowsOf(long step) {
    shuffle(step / stepsOfEpoch);
    int start = (int) (step % stepsOfEpoch) * rowsOfStep;
    int whole = config.dropLast() ? rows / config.batchSize() * config.batchSize() : rows;
    int end = Math.min(start + rowsOfStep, whole);
    return IntStream.range(start, end).map(i -> order[i]).boxed().toList();
  }

  private void shuffle(long epoch) {
    if (epoch == shuffledEpoch) {
      return;
    }
    order =
        config.shuffle()
            ? Permutation.of(rows, config.seed() * 1_000_003 + epoch)
            : IntStream.range(0, rows).toArray();
    shuffledEpoch = epoch;
  }

  private static int ceilDiv(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
