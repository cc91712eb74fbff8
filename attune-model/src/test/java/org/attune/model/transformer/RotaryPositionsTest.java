package org.attune.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.attune.model.rotary.DynamicNtkScaling;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.rotary.Unscaled;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RotaryPositionsTest {

  @Test
  void channels_j_and_j_plus_half_turn_by_position_over_base_to_the_2j_over_d() {
    // D = 4, base 10000: pair (1, 3) turns by the position, pair (2, 4) by a hundredth of it
    double fast = 3;
    double slow = 0.03;

    Tolerance.FLOAT32.check(
        "turned",
        turned(3, 1, 2, 3, 4),
        new float[] {
          (float) (Math.cos(fast) - 3 * Math.sin(fast)),
          (float) (2 * Math.cos(slow) - 4 * Math.sin(slow)),
          (float) (3 * Math.cos(fast) + Math.sin(fast)),
          (float) (4 * Math.cos(slow) + 2 * Math.sin(slow))
        });
  }

  @Test
  void the_first_position_does_not_turn() {
    assertThat(turned(0, 1, 2, 3, 4)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void products_depend_on_the_distance_alone() {
    Tolerance.FLOAT32.check("product at distance 4", product(9, 5), product(6, 2));
  }

  @Test
  void far_positions_turn_as_near_ones_do() {
    Tolerance.FLOAT32.check("product at distance 4", product(1000, 996), product(6, 2));
  }

  @Test
  void a_position_beyond_the_context_is_an_error() {
    assertThatThrownBy(() -> turned(1024, 1, 2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("position 1,024")
        .hasMessageContaining("context has 1,024")
        .hasMessageContaining("Shorten the text");
  }

  @Test
  void channels_behind_the_turned_ones_stay() {
    try (RotaryPositions rotary = new RotaryPositions(16, new Unscaled(2, 10_000));
        TensorScope scope = TensorScope.open()) {
      float[] turned =
          rotary.at(token(3)).of(Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4)).toFloats();

      assertThat(turned).endsWith(3, 4);
      Tolerance.FLOAT32.check("first", turned[0], Math.cos(3) - 2 * Math.sin(3));
    }
  }

  @Test
  void angles_that_depend_on_the_length_are_those_of_the_sequence_by_itself() {
    RotaryScaling scaling = new DynamicNtkScaling(4, 10_000, 2, 3);
    TokenBatch both = TokenBatch.of(List.of(new int[2], new int[6]));
    TokenBatch shorter = TokenBatch.of(List.of(new int[2]));
    TokenBatch longer = TokenBatch.of(List.of(new int[6]));
    try (RotaryPositions rotary = new RotaryPositions(16, scaling);
        TensorScope scope = TensorScope.open()) {
      float[] together = rotary.at(both).sines().toFloats();

      assertThat(together)
          .startsWith(rotary.at(shorter).sines().toFloats())
          .endsWith(rotary.at(longer).sines().toFloats());
      assertThat(rotary.at(longer).sines().narrow(0, 0, 2).toFloats())
          .isNotEqualTo(rotary.at(shorter).sines().toFloats());
    }
  }

  private static double product(int queryPosition, int keyPosition) {
    float[] query = turned(queryPosition, 1, -2, 3, 0.5f);
    float[] key = turned(keyPosition, 0.5f, 1, 2, -1);
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += query[i] * key[i];
    }
    return sum;
  }

  private static float[] turned(int position, float... head) {
    try (RotaryPositions rotary = new RotaryPositions(1024, new Unscaled(4, 10_000));
        TensorScope scope = TensorScope.open()) {
      return rotary.at(token(position)).of(Tensor.of(head, 1, 1, 4)).toFloats();
    }
  }

  private static TokenBatch token(int position) {
    return TokenBatch.next(new int[] {0}, new int[] {position});
  }
}
