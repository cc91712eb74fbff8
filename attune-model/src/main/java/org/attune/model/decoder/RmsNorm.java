package org.attune.model.decoder;

import org.attune.tensor.Tensor;

/** x / √(mean x² + ε) · weight. Zhang and Sennrich 2019 (arXiv:1910.07467). */
@FunctionalInterface
public interface RmsNorm {
  /** Over the last dimension. */
  Tensor of(Tensor x);

  static RmsNorm scaled(Tensor weight, double epsilon) {
    return x -> x.rmsNorm(weight, epsilon);
  }

  /** With the scale 1 + weight, as Gemma has it. */
  static RmsNorm scaledAroundOne(Tensor weight, double epsilon) {
    return x -> x.rmsNorm(weight.plus(1), epsilon);
  }
}
