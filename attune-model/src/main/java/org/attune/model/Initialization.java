package org.attune.model;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;

/**
 * Fresh weights: matrices and tables from a normal distribution, norms neutral, biases 0. A value
 * head starts uniform in ±1/√C, as a linear layer does in the original.
 */
final class Initialization {
  private final Architecture architecture;
  private final RandomGenerator random;

  Initialization(Architecture architecture, long seed) {
    this.architecture = architecture;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  void fillAll(Weights weights) {
    weights.specs().forEach(spec -> fill(weights, spec));
  }

  void fill(Weights weights, WeightSpec spec) {
    GradientMode.useWithout(
        () ->
            weights.fill(
                spec.name(),
                (first, values) -> {
                  double bound = 1 / Math.sqrt((double) spec.shape()[spec.shape().length - 1]);
                  while (values.hasRemaining()) {
                    values.put((float) value(spec, bound));
                  }
                }));
  }

  private double value(WeightSpec spec, double bound) {
    if (spec.name().equals(Head.VALUE_WEIGHT)) {
      return bound * (2 * random.nextDouble() - 1);
    }
    if (spec.decays()) {
      return architecture.initializerRange() * random.nextGaussian();
    }
    return spec.name().endsWith(".weight") ? architecture.neutralNorm() : 0;
  }
}
