package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.t5.T5Config;
import org.attune.model.transformer.Activation;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What T5 takes from config.json, and refuses. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class T5ConfigTest {
  private static T5Config read(String keys) {
    String json = "{'model_type': 't5', %s}".formatted(keys).replace('\'', '"');
    return T5Config.read(ConfigJson.parse(Path.of("config.json"), json.getBytes(UTF_8)));
  }

  @Nested
  class An_output_layer {
    @Test
    void is_tied_and_scaled_in_version_1_0() {
      assertThat(read("'vocab_size': 97").tied()).isTrue();
      assertThat(read("'vocab_size': 97").scaled()).isTrue();
    }

    @Test
    void is_its_own_and_not_scaled_in_version_1_1() {
      T5Config config = read("'tie_word_embeddings': false");

      assertThat(config.scaled()).isFalse();
      assertThat(stored(config, "shared.weight", "lm_head.weight").tied()).isFalse();
    }

    @Test
    void is_its_own_in_the_dialect_of_transformers_5_if_the_checkpoint_has_one() {
      T5Config config = read("'tie_word_embeddings': true, 'scale_decoder_outputs': false");

      assertThat(config.scaled()).isFalse();
      assertThat(stored(config, "shared.weight", "lm_head.weight").tied()).isFalse();
      assertThat(stored(config, "shared.weight").tied()).isTrue();
    }

    @Test
    void that_is_scaled_stays_tied_though_old_checkpoints_store_a_copy() {
      assertThat(stored(read("'d_model': 24"), "shared.weight", "lm_head.weight").tied()).isTrue();
    }

    private static T5Config stored(T5Config config, String... names) {
      return (T5Config) config.storedAs(() -> Set.of(names));
    }
  }

  @Nested
  class A_feed_forward_block {
    @ParameterizedTest
    @CsvSource({
      "relu, RELU, false",
      "gelu, GELU, false",
      "gated-gelu, GELU_TANH, true",
      "gated-silu, SILU, true"
    })
    void is_named_with_its_gate(String name, Activation activation, boolean gated) {
      T5Config config = read("'feed_forward_proj': '%s'".formatted(name));

      assertThat(config.activation()).isEqualTo(activation);
      assertThat(config.gated()).isEqualTo(gated);
    }

    @Test
    void is_what_the_keys_say_that_are_derived_from_its_name() {
      T5Config config =
          read("'feed_forward_proj': 'gated-gelu', 'dense_act_fn': 'relu', 'is_gated_act': false");

      assertThat(config.activation()).isEqualTo(Activation.RELU);
      assertThat(config.gated()).isFalse();
    }

    @Test
    void with_an_unknown_activation_is_refused() {
      assertThatThrownBy(() -> read("'feed_forward_proj': 'gated-swoosh'"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("feed_forward_proj")
          .hasMessageContaining("gated-swoosh")
          .hasMessageContaining("gelu_new");
    }
  }

  @Nested
  class A_decoder {
    @Test
    void begins_with_the_token_that_is_named_or_else_with_padding() {
      assertThat(read("'decoder_start_token_id': 5, 'pad_token_id': 3").decoderStart()).hasValue(5);
      assertThat(read("'pad_token_id': 3").decoderStart()).hasValue(3);
      assertThat(read("'d_model': 24").decoderStart()).hasValue(0);
    }

    @Test
    void has_as_many_layers_as_the_encoder_unless_told_otherwise() {
      assertThat(read("'num_layers': 4").layers()).isEqualTo(4);
      assertThat(read("'num_layers': 4, 'num_decoder_layers': 2").layers()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'relative_attention_num_buckets', 2, at least 4",
    "'relative_attention_max_distance', 16, more than half",
    "'is_encoder_decoder', false, must be true",
    "'attention_softcap', 30, does not compute it",
    "'num_heads', 0, at least 1",
  })
  void a_key_that_cannot_be_computed_is_refused(String key, String value, String rule) {
    assertThatThrownBy(() -> read("'%s': %s".formatted(key, value)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(rule);
  }
}
