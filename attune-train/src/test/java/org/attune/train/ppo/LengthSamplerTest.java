package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LengthSamplerTest {
  @Test
  void draws_every_length_from_min_to_one_less_than_max() {
    LengthSampler lengths = new LengthSampler(2, 6, 42);

    assertThat(IntStream.generate(lengths).limit(200).distinct().sorted())
        .containsExactly(2, 3, 4, 5);
  }

  @Test
  void the_same_seed_draws_the_same_lengths() {
    assertThat(twenty(7)).isEqualTo(twenty(7)).isNotEqualTo(twenty(8));
  }

  private static int[] twenty(long seed) {
    return IntStream.generate(new LengthSampler(1, 1000, seed)).limit(20).toArray();
  }

  @Test
  void one_length_is_a_choice() {
    assertThat(new LengthSampler(4, 5, 1).getAsInt()).isEqualTo(4);
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"0, 4", "-1, 4", "4, 4", "5, 4"})
  void bounds_that_hold_no_length_are_refused(int min, int max) {
    assertThatThrownBy(() -> new LengthSampler(min, max, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Lengths need 0 < min < max but min was "
                + min
                + " and max "
                + max
                + "; max is exclusive.");
  }
}
