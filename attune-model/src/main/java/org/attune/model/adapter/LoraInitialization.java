package org.attune.model.adapter;

import java.nio.FloatBuffer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.attune.model.weights.WeightUse;
import org.attune.model.weights.Weights;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;

/** The first values of a new adapter, as PEFT draws them. */
final class LoraInitialization {
  private final LoraInit init;
  private final Weights trained;
  private final RandomGenerator random;

  LoraInitialization(LoraInit init, Weights trained, long seed) {
    this.init = init;
    this.trained = trained;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Draws A and B; magnitudes follow from them and the frozen weights. */
  void fill(LoraTarget target) {
    if (target.use() == WeightUse.TABLE) {
      fill(target.down(), init == LoraInit.RANDOM ? random::nextGaussian : () -> 0);
      fill(target.up(), random::nextGaussian);
      return;
    }
    double inputBound = 1 / Math.sqrt((double) target.in());
    double rankBound = 1 / Math.sqrt((double) target.rank());
    fill(
        target.down(),
        init == LoraInit.GAUSSIAN
            ? () -> random.nextGaussian() / target.rank()
            : () -> inputBound * (2 * random.nextDouble() - 1));
    fill(
        target.up(),
        init == LoraInit.RANDOM ? () -> rankBound * (2 * random.nextDouble() - 1) : () -> 0);
  }

  private void fill(String name, DoubleSupplier draw) {
    GradientMode.useWithout(
        () ->
            TensorScope.use(
                () -> {
                  FloatBuffer values = trained.get(name).floats();
                  while (values.hasRemaining()) {
                    values.put((float) draw.getAsDouble());
                  }
                }));
  }
}
