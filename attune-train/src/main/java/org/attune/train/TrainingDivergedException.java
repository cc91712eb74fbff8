package org.attune.train;

import java.util.List;

/** Training whose numbers are no longer numbers: a loss or gradient that is NaN or infinite. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingDivergedException(String message) {
    super(message);
  }

  /**
   * The message of a step whose loss or gradient is not finite.
   *
   * @param rows the step's rows, by their place in the training data
   */
  public static TrainingDivergedException at(
      int step, double loss, double gradNorm, List<Integer> rows, double learningRate) {
    return new TrainingDivergedException(
        "Step %,d has the loss %s and the gradient norm %s (rows %s). Lower optimizer.learning-rate (now %s) or set training.max-grad-norm; --resume goes on from the last checkpoint."
            .formatted(
                step, loss, gradNorm, rows.subList(0, Math.min(8, rows.size())), learningRate));
  }
}
