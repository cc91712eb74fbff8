package org.attune.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.GoldenTensors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GradientNormTest {

  @Test
  void the_norm_is_that_of_all_gradients_together() {
    assertThat(norm(new float[] {3, 0, -4}, 1)).isEqualTo(5);
  }

  @Test
  void the_norm_of_many_pieces_is_that_of_the_whole() {
    float[] ones = new float[100_489]; // 317 squared: three pieces and a bit
    Arrays.fill(ones, 1);

    Tolerance.FLOAT32.check("norm", norm(ones, 2), 317);
  }

  @Test
  void one_worker_and_two_measure_the_same_bits() {
    float[] values = new float[200_000];
    IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(i));

    assertThat(norm(values, 2)).isEqualTo(norm(values, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "100.0"})
  void norm_and_clipped_gradients_are_those_of_torch(String maxNorm) {
    Goldens golden = Goldens.open("optimizer");
    GoldenTensors tensors = GoldenTensors.open(golden);
    float[] given = concatenated(tensors, "clip.given.");

    double norm = norm(given, 2);
    double factor = GradientNorm.clipFactor(norm, Double.parseDouble(maxNorm));

    Tolerance.FLOAT32.check(
        "norm", norm, golden.values().get("clip_norm_before").get(maxNorm).asDouble());
    float[] clipped = new float[given.length];
    IntStream.range(0, given.length).forEach(i -> clipped[i] = (float) (given[i] * factor));
    Tolerance.FLOAT32.check("clipped", clipped, concatenated(tensors, "clipped." + maxNorm + "."));
  }

  @Test
  void a_limit_of_0_does_not_clip() {
    assertThat(GradientNorm.clipFactor(1000, 0)).isEqualTo(1);
  }

  @Test
  void gradients_below_the_limit_are_left_alone() {
    assertThat(GradientNorm.clipFactor(0.5, 1)).isEqualTo(1);
  }

  @Test
  void a_gradient_that_is_no_number_makes_the_norm_none() {
    assertThat(norm(new float[] {1, Float.NaN}, 1)).isNaN();
  }

  private static double norm(float[] gradients, int workerCount) {
    try (Workers workers = new Workers(workerCount);
        TensorScope scope = TensorScope.open()) {
      return GradientNorm.of(Tensor.vector(gradients), workers);
    }
  }

  private static float[] concatenated(GoldenTensors tensors, String prefix) {
    float[] weight = tensors.floats(prefix + "weight");
    float[] bias = tensors.floats(prefix + "bias");
    float[] embedding = tensors.floats(prefix + "embedding");
    float[] all = Arrays.copyOf(weight, weight.length + bias.length + embedding.length);
    System.arraycopy(bias, 0, all, weight.length, bias.length);
    System.arraycopy(embedding, 0, all, weight.length + bias.length, embedding.length);
    return all;
  }
}
