package org.attune.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpertLoadTest {
  private static final float[] HALVES = {0.5f, 0.5f, 0.5f, 0.5f};
  private static final float[] FIRST_EXPERT = {1, 0, 1, 0};

  @Test
  void even_load_costs_the_number_of_experts_of_a_token() {
    assertThat(lossOf(HALVES, 1, 1)).isEqualTo(1);
  }

  @Test
  void tokens_that_all_take_one_expert_cost_the_number_of_experts() {
    assertThat(lossOf(FIRST_EXPERT, 2, 0)).isEqualTo(2);
  }

  @Test
  void layers_are_averaged_before_they_are_multiplied() {
    try (TensorScope scope = TensorScope.open()) {
      ExpertLoad load = new ExpertLoad();
      load.add(Tensor.of(FIRST_EXPERT, 2, 2), new int[] {2, 0});
      load.add(Tensor.of(new float[] {0, 1, 0, 1}, 2, 2), new int[] {0, 2});

      assertThat(load.balanceLoss().item()).isEqualTo(1); // of each by itself it were 2
    }
  }

  @Test
  void gradients_push_down_the_experts_that_are_chosen_often() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor probabilities = Tensor.of(HALVES, 2, 2).collectGradient();
      ExpertLoad load = new ExpertLoad();
      load.add(probabilities, new int[] {2, 0});

      load.balanceLoss().backward();

      // E · f / tokens, at each token
      Tolerance.FLOAT32.check(
          "gradient", probabilities.gradient().toFloats(), new float[] {1, 0, 1, 0});
    }
  }

  @Test
  void a_model_without_experts_has_no_such_loss() {
    try (TensorScope scope = TensorScope.open()) {
      assertThatThrownBy(() -> new ExpertLoad().balanceLoss())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("No layer of the model has experts.");
    }
  }

  private static double lossOf(float[] probabilities, int... chosen) {
    try (TensorScope scope = TensorScope.open()) {
      ExpertLoad load = new ExpertLoad();
      load.add(Tensor.of(probabilities, 2, 2), chosen);
      return load.balanceLoss().item();
    }
  }
}
