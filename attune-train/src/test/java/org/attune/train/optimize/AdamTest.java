package org.attune.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.run.OptimizerConfig;
import org.attune.run.OptimizerType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.GoldenTensors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AdamTest {

  @Nested
  class Against_torch {
    private static final int STEPS = 20;
    private static final List<String> NAMES = List.of("weight", "embedding", "bias");

    @ParameterizedTest
    @EnumSource(OptimizerType.class)
    void weights_follow_for_twenty_steps_and_the_moments_agree_at_the_end(OptimizerType type) {
      GoldenTensors golden = GoldenTensors.open(Goldens.open("optimizer"));
      OptimizerConfig config =
          OptimizerConfig.builder().type(type).learningRate(0.01).weightDecay(0.1).build();
      String prefix = type == OptimizerType.ADAMW ? "adamw." : "adam.";
      try (Workers workers = new Workers(2);
          Weights weights = new Weights(specs(golden));
          Adam adam = new Adam(config, weights, workers);
          TensorScope scope = TensorScope.open()) {
        for (String name : NAMES) {
          weights.get(name).floats().put(golden.floats("start." + name));
        }
        Tensor gradients = Tensor.zeros(weights.count());
        for (int step = 0; step < STEPS; step++) {
          for (String name : NAMES) {
            weights.viewIn(gradients, name).floats().put(row(golden, "given." + name, step));
          }

          adam.step(gradients, 1, 0.01);

          for (String name : NAMES) {
            Tolerance.FLOAT32.check(
                name + " after step " + (step + 1),
                weights.get(name).toFloats(),
                row(golden, prefix + name, step));
          }
        }
        for (String name : NAMES) {
          Tolerance.FLOAT32.check(
              "mean of " + name,
              weights.viewIn(adam.mean(), name).toFloats(),
              golden.floats(prefix + "exp_avg." + name));
          Tolerance.FLOAT32.check(
              "variance of " + name,
              weights.viewIn(adam.variance(), name).toFloats(),
              golden.floats(prefix + "exp_avg_sq." + name));
        }
        assertThat(adam.steps()).isEqualTo(STEPS);
      }
    }

    private static List<WeightSpec> specs(GoldenTensors golden) {
      return List.of(
          new WeightSpec("weight", golden.floats("start.weight").length, 1),
          new WeightSpec("embedding", golden.floats("start.embedding").length, 1),
          new WeightSpec("bias", golden.floats("start.bias").length));
    }

    private static float[] row(GoldenTensors golden, String name, int step) {
      float[] all = golden.floats(name);
      int width = all.length / STEPS;
      return Arrays.copyOfRange(all, step * width, (step + 1) * width);
    }
  }

  /** Three pieces and a half, with the border of weight decay inside the second. */
  @Nested
  class On_more_than_one_piece {
    private static final int DECAYED = 40_000;
    private static final int COUNT = 115_000;
    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;
    private static final double FACTOR = 0.5;

    @ParameterizedTest
    @EnumSource(OptimizerType.class)
    void steps_are_those_of_a_plain_loop(OptimizerType type) {
      double[] theta = new double[COUNT];
      double[] m = new double[COUNT];
      double[] v = new double[COUNT];
      float[] start = noise(0);
      for (int i = 0; i < COUNT; i++) {
        theta[i] = start[i];
      }
      for (int step = 1; step <= 3; step++) {
        float[] given = noise(step);
        for (int i = 0; i < COUNT; i++) {
          double decay = i < DECAYED ? DECAY : 0;
          double g = FACTOR * given[i] + (type == OptimizerType.ADAM ? decay * theta[i] : 0);
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          double meanHat = m[i] / (1 - Math.pow(0.9, step));
          double varianceHat = v[i] / (1 - Math.pow(0.999, step));
          double kept = type == OptimizerType.ADAMW ? 1 - RATE * decay : 1;
          theta[i] = kept * theta[i] - RATE * meanHat / (Math.sqrt(varianceHat) + 1e-8);
        }
      }
      float[] expected = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        expected[i] = (float) theta[i];
      }

      Tolerance.FLOAT32.check("weights", afterThreeSteps(type, 2), expected);
    }

    @Test
    void one_worker_and_two_give_the_same_bits() {
      assertThat(afterThreeSteps(OptimizerType.ADAMW, 2))
          .isEqualTo(afterThreeSteps(OptimizerType.ADAMW, 1));
    }

    private static float[] afterThreeSteps(OptimizerType type, int workerCount) {
      OptimizerConfig config =
          OptimizerConfig.builder().type(type).learningRate(RATE).weightDecay(DECAY).build();
      List<WeightSpec> specs =
          List.of(
              new WeightSpec("matrix", DECAYED / 4, 4), new WeightSpec("bias", COUNT - DECAYED));
      try (Workers workers = new Workers(workerCount);
          Weights weights = new Weights(specs);
          Adam adam = new Adam(config, weights, workers);
          TensorScope scope = TensorScope.open()) {
        weights.flat().floats().put(noise(0));
        for (int step = 1; step <= 3; step++) {
          adam.step(Tensor.vector(noise(step)), FACTOR, RATE);
        }
        return weights.flat().toFloats();
      }
    }

    /** Numbers away from 0, where Adam's first step turns on the sign alone. */
    private static float[] noise(long seed) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      float[] values = new float[COUNT];
      for (int i = 0; i < COUNT; i++) {
        values[i] = (random.nextBoolean() ? 1 : -1) * (0.5f + random.nextFloat());
      }
      return values;
    }
  }
}
