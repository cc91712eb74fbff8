package org.attune.train.reward;

import static org.assertj.core.api.Assertions.assertThat;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BradleyTerryLossTest {
  private static final float[] CHOSEN = {1, 0.2f};
  private static final float[] REJECTED = {0.5f, 0.6f};
  private static final float[] NO_MARGIN = {0, 0};

  @Test
  void is_the_mean_of_minus_log_sigmoid_of_the_difference() {
    // differences 0.5 and -0.4: (0.474077 + 0.913015) / 2
    Tolerance.FLOAT32.check("loss", mean(0, CHOSEN, REJECTED, NO_MARGIN), 0.69354611);
  }

  @Test
  void a_margin_must_be_exceeded() {
    // differences 0.2 and -0.7: (0.598139 + 1.103186) / 2
    Tolerance.FLOAT32.check(
        "loss", mean(0, CHOSEN, REJECTED, new float[] {0.3f, 0.3f}), 0.85066250);
  }

  @Test
  void centring_adds_the_squared_sum_of_both_rewards() {
    // 0.01 (1.5² + 0.8²) / 2 = 0.01445
    double added = mean(0.01, CHOSEN, REJECTED, NO_MARGIN) - mean(0, CHOSEN, REJECTED, NO_MARGIN);
    Tolerance.FLOAT32.check("centring", 1 + added, 1.01445);
  }

  @Test
  void is_log_2_where_the_model_cannot_tell() {
    Tolerance.FLOAT32.check("loss", mean(0, NO_MARGIN, NO_MARGIN, NO_MARGIN), Math.log(2));
  }

  @Test
  void does_not_change_when_both_rewards_shift() {
    double shifted = mean(0, new float[] {4, 3.2f}, new float[] {3.5f, 3.6f}, NO_MARGIN);
    Tolerance.FLOAT32.check("loss", shifted, mean(0, CHOSEN, REJECTED, NO_MARGIN));
  }

  @Test
  void centring_does_change_when_both_rewards_shift() {
    double shifted = mean(0.01, new float[] {4, 3.2f}, new float[] {3.5f, 3.6f}, NO_MARGIN);
    assertThat(shifted).isGreaterThan(mean(0.01, CHOSEN, REJECTED, NO_MARGIN));
  }

  @Test
  void stays_finite_where_a_sigmoid_would_be_zero() {
    double loss = mean(0, new float[] {-200, 200}, new float[] {200, -200}, NO_MARGIN);
    Tolerance.FLOAT32.check("loss", loss, 200);
  }

  @Test
  void its_gradient_is_the_probability_of_the_wrong_choice() {
    // d/dr⁺ of the sum: -σ(r⁻ - r⁺ + margin) + 2c (r⁺ + r⁻); d/dr⁻: the first term's opposite
    double first = 1 / (1 + Math.exp(0.5 - 0.3));
    double second = 1 / (1 + Math.exp(-0.4 - 0.3));
    float[][] gradients = new float[2][];
    TensorScope.use(
        () -> {
          Tensor chosen = Tensor.vector(CHOSEN).collectGradient();
          Tensor rejected = Tensor.vector(REJECTED).collectGradient();

          new BradleyTerryLoss(0.01).sum(chosen, rejected, Tensor.vector(0.3f, 0.3f)).backward();

          gradients[0] = chosen.gradient().toFloats();
          gradients[1] = rejected.gradient().toFloats();
        });
    Tolerance.FLOAT32.check(
        "gradient of the chosen",
        gradients[0],
        new float[] {(float) (-first + 0.03), (float) (-second + 0.016)});
    Tolerance.FLOAT32.check(
        "gradient of the rejected",
        gradients[1],
        new float[] {(float) (first + 0.03), (float) (second + 0.016)});
  }

  private static double mean(double centering, float[] chosen, float[] rejected, float[] margins) {
    return TensorScope.with(
        () ->
            new BradleyTerryLoss(centering)
                    .sum(Tensor.vector(chosen), Tensor.vector(rejected), Tensor.vector(margins))
                    .item()
                / chosen.length);
  }
}
