package org.attune.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToleranceTest {
  @Test
  void exact_accepts_only_equal_values() {
    assertPasses(Tolerance.EXACT, new double[] {0.1, Double.NaN, 0.0}, 0.1, Double.NaN, -0.0);

    assertFails(Tolerance.EXACT, new double[] {Math.nextUp(0.1)}, 0.1);
  }

  @Test
  void float32_scales_with_each_value_and_forgives_a_millionth_near_zero() {
    assertPasses(Tolerance.FLOAT32, new double[] {1000.009, 0.9e-6}, 1000, 0);

    assertFails(Tolerance.FLOAT32, new double[] {1000, 2e-6}, 1000, 0);
  }

  @Test
  void logits_are_bounded_by_the_largest_of_the_reference() {
    assertPasses(Tolerance.LOGITS, new double[] {100, 0.0009}, 100, 0);

    assertFails(Tolerance.LOGITS, new double[] {100, 0.0011}, 100, 0);
  }

  @Test
  void gradients_have_ten_times_the_room_of_logits() {
    assertPasses(Tolerance.GRADIENTS, new double[] {100, 0.009}, 100, 0);

    assertFails(Tolerance.GRADIENTS, new double[] {100, 0.011}, 100, 0);
  }

  @Test
  void trained_weights_have_ten_times_the_room_of_gradients() {
    assertPasses(Tolerance.TRAINED, new double[] {100, 0.09}, 100, 0);

    assertFails(Tolerance.TRAINED, new double[] {100, 0.11}, 100, 0);
  }

  @Test
  void an_infinity_in_the_reference_neither_widens_the_bound_nor_fails_against_itself() {
    double infinity = Double.NEGATIVE_INFINITY;

    assertPasses(Tolerance.LOGITS, new double[] {infinity, 1}, infinity, 1);
    assertFails(Tolerance.LOGITS, new double[] {infinity, 1.1}, infinity, 1);
    assertFails(Tolerance.LOGITS, new double[] {-1e30, 1}, infinity, 1);
  }

  @Test
  void a_NaN_where_the_reference_has_a_number_fails() {
    assertFails(Tolerance.LOGITS, new double[] {Double.NaN, 1}, 1, 1);
  }

  @Test
  void another_number_of_values_fails() {
    assertThatThrownBy(() -> Tolerance.EXACT.check("losses", new double[2], new double[3]))
        .isInstanceOf(AssertionError.class)
        .hasMessage("losses: 2 values, but the reference has 3.");
  }

  @Test
  void the_message_names_the_values_the_place_and_the_bound() {
    float[] actual = {1, 2.5f, 3};
    float[] expected = {1, 2, 3};

    assertThatThrownBy(() -> Tolerance.LOGITS.check("logits", actual, expected))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "logits: 1 of 3 values differ by more than LOGITS allows. Worst at [1]: 2.5 but expected 2.0;"
                + " the difference is 0.500, the bound 3.00e-05.");
  }

  @Nested
  class A_trajectory {
    @Test
    void is_held_tightly_at_the_first_step() {
      assertFails(Tolerance.TRAJECTORY, new double[] {2.0001, 2, 2}, 2, 2, 2);
    }

    @Test
    void may_drift_at_one_later_step() {
      double[] expected = new double[50];
      Arrays.fill(expected, 2);
      double[] actual = expected.clone();
      actual[49] = 2.0019;

      assertPasses(Tolerance.TRAJECTORY, actual, expected);
    }

    @Test
    void may_not_drift_at_every_step() {
      assertThatThrownBy(
              () ->
                  Tolerance.TRAJECTORY.check(
                      "losses", new double[] {2, 2.0018, 2.0018}, new double[] {2, 2, 2}))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("mean relative difference");
    }
  }

  private static void assertPasses(Tolerance tolerance, double[] actual, double... expected) {
    assertThatCode(() -> tolerance.check("values", actual, expected)).doesNotThrowAnyException();
  }

  private static void assertFails(Tolerance tolerance, double[] actual, double... expected) {
    assertThatThrownBy(() -> tolerance.check("values", actual, expected))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(tolerance.name());
  }
}
