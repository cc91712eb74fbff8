package org.attune.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;

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
    try (RotaryPositions rotary = new RotaryPositions(16, new Unscaled(4, 10_000));
        TensorScope scope = TensorScope.open()) {
      TokenBatch token = TokenBatch.next(new int[] {0}, new int[] {position});
      return rotary.at(token).of(Tensor.of(head, 1, 1, 4)).toFloats();
    }
  }
}
