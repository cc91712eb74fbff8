package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class SamplingConfigTest {
  @Test
  void defaults_are_as_documented() {
    assertThat(SamplingConfig.builder().build())
        .isEqualTo(new SamplingConfig(1, 0, 1, 0, 1, 0, 0, 256, 0, List.of()));
  }

  @Test
  void every_setting_maps_to_its_component() {
    SamplingConfig config =
        SamplingConfig.builder()
            .temperature(0.7)
            .topK(40)
            .topP(0.9)
            .minP(0.05)
            .repetitionPenalty(1.1)
            .noRepeatNgramSize(3)
            .minNewTokens(4)
            .maxNewTokens(64)
            .seed(7)
            .stopStrings(List.of("END"))
            .build();

    assertThat(config)
        .isEqualTo(new SamplingConfig(0.7, 40, 0.9, 0.05, 1.1, 3, 4, 64, 7, List.of("END")));
    assertThat(config.toBuilder().build()).isEqualTo(config);
  }

  @Test
  void a_model_that_asks_for_no_sampling_is_greedy() {
    SamplingConfig config =
        SamplingConfig.from(ModelDirectory.open(Bundled.stories260k()).generationDefaults())
            .build();

    assertThat(config.isGreedy()).isTrue();
    assertThat(config.topK()).isEqualTo(50);
  }

  @Test
  void every_problem_is_reported_with_value_and_fix() {
    assertThatThrownBy(
            () -> new SamplingConfig(-0.5, -1, 0, 1.5, Double.NaN, -2, -3, 0, 0, List.of("")))
        .isInstanceOf(InvalidSamplingException.class)
        .hasMessageContainingAll(
            "9 problems in the sampling settings:",
            "temperature must be >= 0 but was -0.5. Use 0 for greedy",
            "top-k must be >= 0 but was -1. Use 0 for all tokens.",
            "top-p must be in (0, 1] but was 0.0. Use 1 for all tokens.",
            "min-p must be in [0, 1] but was 1.5. Use 0 for all tokens.",
            "repetition-penalty must be > 0 but was NaN. Use 1 for none.",
            "no-repeat-ngram-size must be >= 0 but was -2. Use 0",
            "min-new-tokens must be >= 0 but was -3. Use 0",
            "max-new-tokens must be >= 1 but was 0. Give",
            "stop-strings must not hold the empty text but was []. Remove it.");
  }

  @Test
  void a_minimum_above_the_maximum_is_refused() {
    assertThatThrownBy(() -> SamplingConfig.builder().minNewTokens(9).maxNewTokens(8).build())
        .isInstanceOf(InvalidSamplingException.class)
        .hasMessageContainingAll("1 problem in", "min-new-tokens", "was 9", "max-new-tokens");
  }
}
