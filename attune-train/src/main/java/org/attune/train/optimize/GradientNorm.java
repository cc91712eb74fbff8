package org.attune.train.optimize;

import org.attune.tensor.Tensor;
import org.attune.tensor.Workers;

/** The Euclidean norm of all gradients together, and what it means for clipping. */
public final class GradientNorm {
  private static final double EPSILON = 1e-6;

  private GradientNorm() {}

  /** √Σ g² over a flat float32 buffer. */
  public static double of(Tensor gradients, Workers workers) {
    return Math.sqrt(
        Ranges.sum(
            workers,
            gradients.count(),
            (start, length) -> {
              double norm = Ranges.of(gradients, start, length).norm().item();
              return norm * norm;
            }));
  }

  /**
   * The factor that brings gradients of norm {@code norm} down to {@code maxNorm}: min(1, maxNorm /
   * (norm + 10⁻⁶)), as {@code clip_grad_norm_} computes it; 1 where {@code maxNorm} is 0.
   */
  public static double clipFactor(double norm, double maxNorm) {
    return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + EPSILON));
  }
}
