package org.attune.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PairedBootstrapTest {
  @Test
  void a_difference_that_is_the_same_for_every_prompt_has_no_doubt() {
    Estimate difference =
        PairedBootstrap.meanDifference(
            new double[] {-5, 0, 3, 100}, new double[] {-4.5, 0.5, 3.5, 100.5}, 1);

    assertThat(difference).isEqualTo(new Estimate(0.5, 0.5, 0.5));
    assertThat(difference.isAboveZero()).isTrue();
  }

  @Test
  void the_interval_of_a_mean_is_that_of_the_normal_distribution() {
    // 400 differences of -1 and +1 by halves: mean 0, standard error 1 / sqrt(400) = 0.05,
    // 1.96 standard errors = 0.098
    double[] baseline = new double[400];
    double[] scores = IntStream.range(0, 400).mapToDouble(i -> i % 2 == 0 ? 1 : -1).toArray();

    Estimate difference = PairedBootstrap.meanDifference(baseline, scores, 7);

    assertThat(difference.value()).isZero();
    assertThat(difference.low()).isCloseTo(-0.098, within(0.01));
    assertThat(difference.high()).isCloseTo(0.098, within(0.01));
    assertThat(difference.isAboveZero()).isFalse();
  }

  @Test
  void the_same_seed_gives_the_same_interval() {
    double[] baseline = {1, 2, 3, 4};
    double[] scores = {4, 1, 3, 9};

    assertThat(PairedBootstrap.meanDifference(baseline, scores, 3))
        .isEqualTo(PairedBootstrap.meanDifference(baseline, scores, 3));
  }

  @Test
  void models_with_different_prompts_cannot_be_compared() {
    assertThatThrownBy(() -> PairedBootstrap.meanDifference(new double[3], new double[2], 1))
        .hasMessageContaining("2 scores")
        .hasMessageContaining("3 scores of the baseline")
        .hasMessageContaining("the same prompts");
  }

  @Test
  void no_scores_are_an_error() {
    assertThatThrownBy(() -> PairedBootstrap.meanDifference(new double[0], new double[0], 1))
        .hasMessageContaining("at least one");
  }
}
