package org.attune.train.optimize;

import org.attune.model.weights.Weights;
import org.attune.run.OptimizerConfig;
import org.attune.run.OptimizerType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;

/**
 * Adam and AdamW over a model's flat weights.
 *
 * <p>m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε), with m̂ = m / (1 −
 * β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1. Weight decay λ
 * reaches matrices and tables only: AdamW first shrinks θ by the factor 1 − ηλ (Loshchilov and
 * Hutter 2019, arXiv:1711.05101, algorithm 2), Adam adds λθ to g.
 */
public final class Adam implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final OptimizerConfig config;
  private final Weights weights;
  private final Workers workers;
  private final Tensor mean; // m, laid out as the weights
  private final Tensor variance; // v
  private long steps;

  public Adam(OptimizerConfig config, Weights weights, Workers workers) {
    this.config = config;
    this.weights = weights;
    this.workers = workers;
    try (TensorScope scope = TensorScope.open()) {
      mean = owner.adopt(Tensor.zeros(weights.count()));
      variance = owner.adopt(Tensor.zeros(weights.count()));
    }
  }

  /**
   * Takes one step.
   *
   * @param gradients laid out as the weights
   * @param gradientFactor multiplies every gradient first, as clipping asks
   * @param learningRate η
   */
  public void step(Tensor gradients, double gradientFactor, double learningRate) {
    steps++;
    double meanCorrection = 1 - Math.pow(config.beta1(), (double) steps);
    double varianceCorrection = 1 - Math.pow(config.beta2(), (double) steps);
    Ranges.forEach(
        workers,
        weights.count(),
        (start, length) -> {
          long decayed = Math.max(0, Math.min(length, weights.decayedCount() - start));
          if (decayed > 0
              && decayed < length) { // the border of weight decay runs through this piece
            update(
                gradients,
                start,
                decayed,
                gradientFactor,
                learningRate,
                meanCorrection,
                varianceCorrection);
            update(
                gradients,
                start + decayed,
                length - decayed,
                gradientFactor,
                learningRate,
                meanCorrection,
                varianceCorrection);
          } else {
            update(
                gradients,
                start,
                length,
                gradientFactor,
                learningRate,
                meanCorrection,
                varianceCorrection);
          }
        });
    weights.renewComputeCopy();
  }

  private void update(
      Tensor gradients,
      long start,
      long length,
      double gradientFactor,
      double learningRate,
      double meanCorrection,
      double varianceCorrection) {
    GradientMode.useWithout(
        () -> {
          Tensor theta = Ranges.of(weights.flat(), start, length);
          Tensor g = Ranges.of(gradients, start, length);
          double factor = gradientFactor;
          if (config.weightDecay() > 0 && start < weights.decayedCount()) {
            if (config.type() == OptimizerType.ADAMW) {
              theta.timesInPlace(1 - learningRate * config.weightDecay());
            } else {
              g = g.times(factor).addInPlace(theta, config.weightDecay());
              factor = 1;
            }
          }
          Tensor m = Ranges.of(mean, start, length);
          Tensor v = Ranges.of(variance, start, length);
          m.timesInPlace(config.beta1()).addInPlace(g, (1 - config.beta1()) * factor);
          v.timesInPlace(config.beta2())
              .addProductInPlace(g, g, (1 - config.beta2()) * factor * factor);
          Tensor denominator =
              v.sqrt().timesInPlace(1 / Math.sqrt(varianceCorrection)).addInPlace(config.epsilon());
          theta.addQuotientInPlace(m, denominator, -learningRate / meanCorrection);
        });
  }

  /** m, laid out as the weights; part of a checkpoint. */
  public Tensor mean() {
    return mean;
  }

  /** v, laid out as the weights; part of a checkpoint. */
  public Tensor variance() {
    return variance;
  }

  /** Steps taken; part of a checkpoint. */
  public long steps() {
    return steps;
  }

  /**
   * Continues from a checkpoint whose moments were already read into {@link #mean} and {@link
   * #variance}.
   */
  public void resumeAt(long stepsTaken) {
    steps = stepsTaken;
  }

  @Override
  public void close() {
    owner.close();
  }
}
