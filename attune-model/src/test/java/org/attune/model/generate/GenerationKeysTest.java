package org.attune.model.generate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.logits.BiasedSequence;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class GenerationKeysTest {
  @Test
  void every_key_maps_to_its_setting() {
    SamplingConfig config =
        read(
            """
            {"do_sample": true, "temperature": 0.7, "top_k": 40, "top_p": 0.9, "min_p": 0.05,
             "typical_p": 0.95, "epsilon_cutoff": 0.01, "eta_cutoff": 0.02,
             "repetition_penalty": 1.1, "presence_penalty": 0.3, "frequency_penalty": 0.4,
             "exponential_decay_length_penalty": [5, 1.2], "no_repeat_ngram_size": 3,
             "bad_words_ids": [[1, 2], [3]], "sequence_bias": [[[8, 9], -1.5]],
             "suppress_tokens": [3], "begin_suppress_tokens": [4], "forced_bos_token_id": 5,
             "forced_eos_token_id": 6, "min_length": 7, "min_new_tokens": 4, "max_new_tokens": 64,
             "max_length": 99, "num_beams": 3, "length_penalty": 0.5, "early_stopping": "never",
             "renormalize_logits": true, "num_return_sequences": 2, "stop_strings": "END"}""");

    assertThat(config)
        .isEqualTo(
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
                .badWords(List.of(List.of(1, 2), List.of(3)))
                .sequenceBias(List.of(new BiasedSequence(List.of(8, 9), -1.5)))
                .suppressTokens(List.of(3))
                .beginSuppressTokens(List.of(4))
                .forcedBosId(OptionalInt.of(5))
                .forcedEosIds(List.of(6))
                .minLength(7)
                .minNewTokens(4)
                .maxNewTokens(64)
                .beams(3)
                .lengthPenalty(0.5)
                .earlyStopping(EarlyStopping.NEVER)
                .renormalize(true)
                .samplesPerPrompt(2)
                .stopStrings(List.of("END"))
                .build());
  }

  @Test
  void an_empty_file_has_the_defaults_of_transformers() {
    assertThat(read("{}")).isEqualTo(SamplingConfig.builder().temperature(0).topK(50).build());
  }

  @Test
  void a_limit_on_all_tokens_holds_where_there_is_none_on_new_ones() {
    LengthLimits lengths = read("{\"max_length\": 300}").lengths();

    assertThat(lengths.most(290, 1024)).isEqualTo(300);
    assertThat(lengths.most(10, 200)).isEqualTo(200);
  }

  @Nested
  final class Keys_that_are_not_understood {
    @Test
    void are_refused_all_at_once_if_they_would_change_the_text() {
      assertThatThrownBy(
              () ->
                  read(
                      """
                      {"penalty_alpha": 0.6, "guidance_scale": 1.5, "num_beam_groups": 2,
                       "constraints": [1], "max_time": 3.0}"""))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              "generation_config.json",
              "constraints = [1], guidance_scale = 1.5, max_time = 3.0, num_beam_groups = 2,"
                  + " penalty_alpha = 0.6",
              "remove the keys");
    }

    @Test
    void are_left_alone_if_they_change_nothing() {
      assertThat(
              read(
                  """
                  {"penalty_alpha": null, "guidance_scale": 1.0, "num_beam_groups": 1,
                   "diversity_penalty": 0.0, "remove_invalid_values": false,
                   "use_cache": true, "cache_implementation": "static", "output_scores": true,
                   "transformers_version": "5.0.0"}"""))
          .isEqualTo(read("{}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"temperature\": \"hot\", \"do_sample\": true}",
        "{\"bad_words_ids\": 5}",
        "{\"bad_words_ids\": [5]}",
        "{\"bad_words_ids\": [[1.5]]}",
        "{\"sequence_bias\": [[5, 1.0]]}",
        "{\"sequence_bias\": {\"5\": 1.0}}",
        "{\"exponential_decay_length_penalty\": [1]}",
        "{\"early_stopping\": \"sometimes\"}",
        "{\"suppress_tokens\": [\"a\"]}"
      })
  void a_value_of_a_wrong_type_is_refused_with_its_key(String json) {
    String key = json.substring(2, json.indexOf('"', 2));

    assertThatThrownBy(() -> read(json))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("generation_config.json", key + " must be");
  }

  private static SamplingConfig read(String json) {
    return GenerationKeys.read(
            ConfigJson.parse(Path.of("generation_config.json"), json.getBytes(UTF_8)))
        .build();
  }
}
