package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.logits.BiasedSequence;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class SamplingConfigTest {
  @Test
  void defaults_are_as_documented() {
    SamplingConfig config = SamplingConfig.builder().build();

    assertThat(config)
        .isEqualTo(
            new SamplingConfig(
                new DrawSettings(1, 0, 1, 0, 1, 0, 0),
                new Penalties(1, 0, 0, 0, 1),
                new TokenRules(
                    0, List.of(), List.of(), List.of(), List.of(), OptionalInt.empty(), List.of()),
                new LengthLimits(0, 0, 0, 256),
                new BeamSettings(1, 1, EarlyStopping.NO),
                false,
                1,
                0,
                List.of()));
  }

  @Test
  void every_setting_maps_to_its_component() {
    BiasedSequence bias = new BiasedSequence(List.of(8, 9), -1.5);
    SamplingConfig config =
        SamplingConfig.builder()
            .temperature(0.7)
            .topK(40)
            .topP(0.9)
            .minP(0.05)
            .typicalP(0.95)
            .epsilonCutoff(0.01)
            .etaCutoff(0.02)
            .repetitionPenalty(1.1)
            .presencePenalty(0.3)
            .frequencyPenalty(0.4)
            .lengthDecay(5, 1.2)
            .noRepeatNgramSize(3)
            .badWords(List.of(List.of(1, 2)))
            .sequenceBias(List.of(bias))
            .suppressTokens(List.of(3))
            .beginSuppressTokens(List.of(4))
            .forcedBosId(OptionalInt.of(5))
            .forcedEosIds(List.of(6))
            .minLength(7)
            .minNewTokens(4)
            .maxLength(99)
            .maxNewTokens(64)
            .beams(3)
            .lengthPenalty(0.5)
            .earlyStopping(EarlyStopping.NEVER)
            .renormalize(true)
            .samplesPerPrompt(2)
            .seed(8)
            .stopStrings(List.of("END"))
            .build();

    assertThat(config)
        .isEqualTo(
            new SamplingConfig(
                new DrawSettings(0.7, 40, 0.9, 0.05, 0.95, 0.01, 0.02),
                new Penalties(1.1, 0.3, 0.4, 5, 1.2),
                new TokenRules(
                    3,
                    List.of(List.of(1, 2)),
                    List.of(bias),
                    List.of(3),
                    List.of(4),
                    OptionalInt.of(5),
                    List.of(6)),
                new LengthLimits(7, 4, 99, 64),
                new BeamSettings(3, 0.5, EarlyStopping.NEVER),
                true,
                2,
                8,
                List.of("END")));
    assertThat(config.toBuilder().build()).isEqualTo(config);
  }

  @Test
  void a_model_that_asks_for_no_sampling_is_greedy() {
    SamplingConfig config =
        SamplingConfig.from(ModelDirectory.open(Bundled.stories260k()).generationDefaults())
            .build();

    assertThat(config.isGreedy()).isTrue();
    assertThat(config.draw().topK()).isEqualTo(50);
  }

  @Test
  void every_problem_is_reported_with_value_and_fix() {
    SamplingConfig.Builder wrong =
        SamplingConfig.builder()
            .temperature(-0.5)
            .topK(-1)
            .topP(0)
            .minP(1.5)
            .typicalP(2)
            .epsilonCutoff(1)
            .etaCutoff(-0.1)
            .repetitionPenalty(Double.NaN)
            .presencePenalty(Double.POSITIVE_INFINITY)
            .frequencyPenalty(Double.NaN)
            .lengthDecay(-1, 0)
            .noRepeatNgramSize(-2)
            .badWords(List.of(List.of(), List.of(-4)))
            .sequenceBias(List.of(new BiasedSequence(List.of(1), Double.NaN)))
            .suppressTokens(List.of(-6))
            .minLength(-7)
            .minNewTokens(-3)
            .maxLength(-8)
            .maxNewTokens(0)
            .beams(0)
            .lengthPenalty(Double.NaN)
            .samplesPerPrompt(0)
            .stopStrings(List.of(""));

    assertThatThrownBy(wrong::build)
        .isInstanceOf(InvalidSamplingException.class)
        .hasMessageContainingAll(
            "25 problems in the sampling settings:",
            "temperature must be >= 0 but was -0.5. Use 0 for greedy",
            "top-k must be >= 0 but was -1. Use 0 for all tokens.",
            "top-p must be in (0, 1] but was 0.0. Use 1 for all tokens.",
            "min-p must be in [0, 1] but was 1.5. Use 0 for all tokens.",
            "typical-p must be in (0, 1] but was 2.0. Use 1",
            "epsilon-cutoff must be in [0, 1) but was 1.0. Use 0",
            "eta-cutoff must be in [0, 1) but was -0.1. Use 0",
            "repetition-penalty must be > 0 but was NaN. Use 1 for none.",
            "presence-penalty must be a finite number but was Infinity. Use 0",
            "frequency-penalty must be a finite number but was NaN. Use 0",
            "length-decay must start at a number of new tokens >= 0 but was -1.",
            "length-decay must have a factor > 0 but was 0.0. Use 1",
            "no-repeat-ngram-size must be >= 0 but was -2. Use 0",
            "bad-words must not hold an empty word but was [[], [-4]]. Remove",
            "bad-words must hold token ids from 0 on but was [-4]. Remove",
            "sequence-bias must give tokens a finite bias",
            "suppress-tokens must hold token ids from 0 on but was [-6]. Remove",
            "min-length must be >= 0 but was -7. Use 0",
            "min-new-tokens must be >= 0 but was -3. Use 0",
            "max-length must be >= 0 but was -8. Use 0",
            "max-new-tokens must be >= 1 but was 0. Give",
            "beams must be >= 1 but was 0. Use 1",
            "length-penalty must be a finite number but was NaN. Use 1",
            "samples must be >= 1 but was 0. Give",
            "stop-strings must not hold the empty text but was []. Remove it.");
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> SamplingConfig.builder().temperature(0).samplesPerPrompt(2).build())
        .hasMessageContainingAll("samples must be 1 if temperature is 0 but was 2", "beams");
    assertThatThrownBy(() -> SamplingConfig.builder().beams(2).samplesPerPrompt(3).build())
        .hasMessageContainingAll("samples must not be above beams but was 3", "Raise beams");
    assertThatThrownBy(
            () ->
                SamplingConfig.builder()
                    .suppressTokens(List.of(2, 3))
                    .forcedEosIds(List.of(2))
                    .forcedBosId(OptionalInt.of(3))
                    .build())
        .hasMessageContainingAll("forced-eos-token-id is suppressed", "forced-bos-token-id is");
    assertThatThrownBy(() -> SamplingConfig.builder().minLength(9).maxLength(8).build())
        .hasMessageContainingAll("min-length must not be above max-length but was 9");
  }

  @Test
  void rules_for_tokens_that_the_model_does_not_have_are_refused() {
    SamplingConfig config =
        SamplingConfig.builder().suppressTokens(List.of(3, 50)).forcedEosIds(List.of(60)).build();

    assertThatThrownBy(() -> new TokenSampler(config, Set.of(), 50))
        .isInstanceOf(InvalidSamplingException.class)
        .hasMessageContainingAll("[50, 60]", "has 50 tokens");
  }

  @Test
  void a_minimum_above_the_maximum_is_refused() {
    assertThatThrownBy(() -> SamplingConfig.builder().minNewTokens(9).maxNewTokens(8).build())
        .isInstanceOf(InvalidSamplingException.class)
        .hasMessageContainingAll("1 problem in", "min-new-tokens", "was 9", "max-new-tokens");
  }
}
