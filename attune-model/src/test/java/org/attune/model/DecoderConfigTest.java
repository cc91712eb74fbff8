package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import org.assertj.core.api.AbstractThrowableAssert;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.gemma2.Gemma2Config;
import org.attune.model.gemma3.Gemma3Config;
import org.attune.model.mistral.MistralConfig;
import org.attune.model.qwen2.Qwen2Config;
import org.attune.model.smollm3.SmolLm3Config;
import org.attune.model.transformer.Architecture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What families take from config.json, and what they refuse. Sizes are the same in all. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DecoderConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Nested
  class A_missing_key {
    @Test
    void is_the_familys_default() {
      MistralConfig mistral = (MistralConfig) read("mistral", "{}");
      Gemma2Config gemma = (Gemma2Config) read("gemma2", "{}");

      assertThat(mistral.window()).isEqualTo(4096);
      assertThat(mistral.settings().tied()).isFalse();
      assertThat(gemma.windows()).containsExactly(4096, 0, 4096, 0, 4096, 0);
      assertThat(gemma.attentionSoftcap()).isEqualTo(50);
      assertThat(gemma.logitSoftcap()).isEqualTo(30);
      assertThat(gemma.settings().tied()).isTrue();
      assertThat(gemma.headSize()).isEqualTo(256);
    }

    @Test
    void is_another_thing_than_null() {
      MistralConfig mistral = (MistralConfig) read("mistral", "{'sliding_window': null}");
      Gemma2Config gemma = (Gemma2Config) read("gemma2", "{'attn_logit_softcapping': null}");

      assertThat(mistral.window()).isZero();
      assertThat(gemma.attentionSoftcap()).isZero();
    }

    @Test
    void leaves_windows_to_the_familys_rule() {
      Qwen2Config qwen =
          (Qwen2Config)
              read(
                  "qwen2",
                  "{'use_sliding_window': true, 'sliding_window': 7, 'max_window_layers': 4}");
      Gemma3Config gemma = (Gemma3Config) read("gemma3_text", "{'sliding_window': 7}");
      SmolLm3Config smol =
          (SmolLm3Config) read("smollm3", "{'use_sliding_window': true, 'sliding_window': 7}");

      assertThat(qwen.windows()).containsExactly(0, 0, 0, 0, 7, 7);
      assertThat(gemma.windows()).containsExactly(7, 7, 7, 7, 7, 0);
      assertThat(smol.windows()).containsExactly(0, 0, 0, 7, 0, 0);
    }
  }

  @Nested
  class Windows {
    @Test
    void are_off_unless_qwen_is_told_to_use_them() {
      Qwen2Config qwen =
          (Qwen2Config) read("qwen2", "{'sliding_window': 7, 'max_window_layers': 0}");

      assertThat(qwen.windows()).containsOnly(0);
    }

    @Test
    void of_types_of_layers_need_one_type_for_each_layer() {
      refused("qwen2", "{'layer_types': ['full_attention']}")
          .hasMessageContaining("layer_types must be a list of 6");
    }

    @Test
    void of_types_of_layers_need_a_width() {
      refused("qwen2", "{'layer_types': " + sixTimes("sliding_attention") + "}")
          .hasMessageContaining("no sliding_window is in use");
    }

    @Test
    void know_two_types_of_layers() {
      refused("qwen2", "{'layer_types': " + sixTimes("chunked_attention") + "}")
          .hasMessageContaining("full_attention and sliding_attention")
          .hasMessageContaining("chunked_attention");
    }

    @Test
    void must_be_positive() {
      refused("mistral", "{'sliding_window': 0}")
          .hasMessageContaining("sliding_window must be at least 1, or null for none but was 0");
    }
  }

  @Nested
  class A_key_that_is_not_understood {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "llama; {'sliding_window': 5}; sliding_window",
          "llama; {'clip_qkv': 8.0}; clip_qkv",
          "llama; {'rope_interleaved': true}; rope_interleaved",
          "llama; {'attention_multiplier': 0.1}; attention_multiplier",
          "llama; {'rope_local_base_freq': 100.0}; rope_local_base_freq",
          "mistral; {'attention_bias': true}; attention_bias",
          "qwen2; {'use_mrope': true}; use_mrope",
          "gemma; {'use_bidirectional_attention': true}; use_bidirectional_attention",
          "gemma3_text; {'attn_logit_softcapping': 50.0}; attn_logit_softcapping",
          "phi3; {'hidden_dropout': 0.1}; hidden_dropout",
          "phi3; {'lm_head_bias': true}; lm_head_bias",
          "olmo2; {'clip_qkv': 8.0}; clip_qkv"
        })
    void is_refused_by_name(String type, String changes, String key) {
      refused(type, changes)
          .hasMessageContaining("config.json: " + key + " must be absent, false or 0")
          .hasMessageContaining("but was");
    }

    @Test
    void is_refused_where_weights_are_quantized() {
      refused("llama", "{'quantization_config': {'bits': 4}}")
          .hasMessageContaining("quantization_config must be absent")
          .hasMessageContaining("give the original");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'attn_implementation': 'sdpa'}",
          "{'_attn_implementation_autoset': true}",
          "{'rope_interleaved': false}",
          "{'attention_dropout': 0.0}",
          "{'pretraining_tp': 2}",
          "{'torch_dtype': 'bfloat16'}",
          "{'dtype': 'bfloat16'}"
        })
    void is_ignored_where_it_changes_nothing(String changes) {
      assertThat(read("llama", changes)).isEqualTo(read("llama", "{}"));
    }
  }

  @Nested
  class Rotary_parameters {
    @Test
    void of_an_unknown_kind_are_refused_with_the_known_ones() {
      refused("llama", "{'rope_scaling': {'type': 'mrope', 'factor': 2.0}}")
          .hasMessageContaining("rope_scaling.type must be one of default, linear, dynamic, yarn")
          .hasMessageContaining("mrope");
    }

    @Test
    void with_a_key_of_another_kind_are_refused() {
      refused(
              "llama",
              "{'rope_parameters': {'rope_type': 'linear', 'factor': 2.0, 'beta_fast': 32}}")
          .hasMessageContaining("rope_parameters.beta_fast must be left out")
          .hasMessageContaining("\"linear\" has no such key");
    }

    @Test
    void need_a_factor_where_the_kind_has_one() {
      refused("llama", "{'rope_scaling': {'type': 'linear'}}")
          .hasMessageContaining("rope_scaling.factor must be a number above 0 but is missing");
      refused("llama", "{'rope_scaling': {'type': 'dynamic', 'factor': -1}}")
          .hasMessageContaining("rope_scaling.factor must be a number above 0 but was -1");
    }

    @Test
    void contradict_themselves_with_two_kinds() {
      refused("llama", "{'rope_scaling': {'type': 'linear', 'rope_type': 'yarn', 'factor': 2.0}}")
          .hasMessageContaining("rope_scaling.type must be the same as rope_type, \"yarn\"");
    }

    @Test
    void contradict_themselves_in_two_dialects() {
      refused(
              "llama",
              "{'rope_scaling': {'type': 'default'}, 'rope_parameters': {'rope_type': 'default'}}")
          .hasMessageContaining("rope_scaling must be absent where rope_parameters is given");
    }

    @Test
    void need_a_factor_for_each_pair_of_longrope() {
      refused(
              "phi3",
              "{'original_max_position_embeddings': 16, 'rope_scaling': {'type': 'longrope',"
                  + " 'short_factor': [1, 1], 'long_factor': [1, 2, 3, 4]}}")
          .hasMessageContaining("rope_scaling.short_factor must be a list of 4 numbers above 0");
    }

    @Test
    void of_phi_3_are_default_or_longrope() {
      refused("phi3", "{'rope_scaling': {'type': 'linear', 'factor': 2.0}}")
          .hasMessageContaining("rope_scaling must be of the kind default or longrope");
    }

    @Test
    void turn_a_share_of_each_head_only_where_the_family_can() {
      refused("llama", "{'partial_rotary_factor': 0.5}")
          .hasMessageContaining("partial_rotary_factor must be 1 in this family but was 0.5");
    }

    @Test
    void turn_pairs_of_channels() {
      refused("llama", "{'head_dim': 9}").hasMessageContaining("size of a head is 9");
    }

    @Test
    void of_gemma_3_are_nested_by_type_of_layer() {
      refused("gemma3_text", "{'rope_parameters': {'rope_type': 'default'}}")
          .hasMessageContaining("rope_parameters.rope_type must be inside full_attention");
    }

    @Test
    void of_a_growing_base_lengthen_the_context() {
      DecoderArchitecture dynamic =
          (DecoderArchitecture)
              read("llama", "{'rope_scaling': {'type': 'dynamic', 'factor': 4.0}}");

      assertThat(dynamic.contextLength()).isEqualTo(256);
    }
  }

  @Test
  void heads_must_fit() {
    refused("llama", "{'num_key_value_heads': 3}")
        .hasMessageContaining("num_key_value_heads must be a divisor of num_attention_heads");
    refused("mistral", "{'num_key_value_heads': null}")
        .hasMessageContaining("num_key_value_heads must be a whole number but is missing");
    refused("llama", "{'num_attention_heads': 5}")
        .hasMessageContaining("num_attention_heads must be a divisor of hidden_size");
    refused("llama", "{'num_hidden_layers': 0}")
        .hasMessageContaining("num_hidden_layers must be at least 1");
  }

  @Test
  void an_unknown_activation_is_refused_with_the_known_ones() {
    refused("llama", "{'hidden_act': 'xielu'}")
        .hasMessageContaining("hidden_act must be one of silu, swish, gelu")
        .hasMessageContaining("xielu");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      String type, String changes) {
    return assertThatThrownBy(() -> read(type, changes)).isInstanceOf(CheckpointException.class);
  }

  private static String sixTimes(String type) {
    return "['" + String.join("', '", Collections.nCopies(6, type)) + "']";
  }

  private static Architecture read(String type, String changes) {
    try {
      ObjectNode config =
          (ObjectNode)
              JSON.readTree(
                  """
                  {"vocab_size": 97, "hidden_size": 32, "intermediate_size": 48,
                   "num_hidden_layers": 6, "num_attention_heads": 4, "num_key_value_heads": 2,
                   "max_position_embeddings": 64}
                  """);
      config.put("model_type", type);
      config.setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
      return Architectures.read(
          ConfigJson.parse(Path.of("config.json"), config.toString().getBytes(UTF_8)));
    } catch (JsonProcessingException failure) {
      throw new AssertionError(failure);
    }
  }
}
