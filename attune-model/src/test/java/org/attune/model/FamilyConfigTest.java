package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.falcon.FalconConfig;
import org.attune.model.falcon.FalconConfig.Order;
import org.attune.model.gptneox.GptNeoxConfig;
import org.attune.model.opt.OptConfig;
import org.attune.model.opt.OptConfig.Norms;
import org.attune.model.transformer.Architecture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What GPT-NeoX, OPT, Falcon and families with experts take from config.json, and refuse. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FamilyConfigTest {
  private static final String SIZES =
      "'vocab_size': 97, 'hidden_size': 24, 'num_attention_heads': 4, 'num_hidden_layers': 2";

  @Nested
  class A_gpt_neox {
    @Test
    void turns_a_quarter_of_each_heads_channels_unless_told_otherwise() {
      assertThat(neox("'rotary_pct': 0.25, 'rotary_emb_base': 10000")).isEqualTo(neox("'x': 0"));
      assertThat(neox("'rotary_pct': 1.0")).isNotEqualTo(neox("'x': 0"));
    }

    @Test
    void has_positions_in_two_dialects() {
      assertThat(neox("'rotary_pct': 0.5, 'rotary_emb_base': 500"))
          .isEqualTo(
              neox(
                  "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500, 'partial_rotary_factor': 0.5}"));
    }

    private static GptNeoxConfig neox(String changes) {
      return (GptNeoxConfig) read("gpt_neox", "'intermediate_size': 36, " + changes);
    }
  }

  @Nested
  class An_opt {
    @Test
    void has_embeddings_as_wide_as_its_layers_unless_told_otherwise() {
      assertThat(opt("'x': 0").hiddenSize()).isEqualTo(24);
      assertThat(opt("'word_embed_proj_dim': 16").hiddenSize()).isEqualTo(16);
    }

    @Test
    void has_a_last_norm_where_norms_stand_before_blocks_and_it_was_not_removed() {
      assertThat(opt("'x': 0").lastNorm()).isTrue();
      assertThat(opt("'_remove_final_layer_norm': true").lastNorm()).isFalse();
      assertThat(opt("'do_layer_norm_before': false").norms()).isEqualTo(Norms.AFTER);
      assertThat(opt("'do_layer_norm_before': false").lastNorm()).isFalse();
    }

    @Test
    void drops_as_much_as_its_file_says() {
      assertThat(opt("'x': 0").residualDropout()).isEqualTo(0.1);
      assertThat(opt("'x': 0").attentionDropout()).isZero();
      assertThat(opt("'dropout': 0.2").residualDropout()).isEqualTo(0.2);
      assertThat(opt("'attention_dropout': 0.3").attentionDropout()).isEqualTo(0.3);
    }

    private static OptConfig opt(String changes) {
      return (OptConfig) read("opt", "'ffn_dim': 36, " + changes);
    }
  }

  @Nested
  class A_falcon {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "'x': 0; 1; PARALLEL",
          "'multi_query': false; 4; PARALLEL",
          "'multi_query': false, 'parallel_attn': false; 4; ONE_AFTER_THE_OTHER",
          "'new_decoder_architecture': true, 'num_kv_heads': 2; 2; PARALLEL_WITH_TWO_NORMS",
          "'new_decoder_architecture': true, 'num_ln_in_parallel_attn': 1; 4; PARALLEL",
        })
    void has_key_heads_and_norms_by_its_kind(String changes, int keyHeads, Order order) {
      FalconConfig falcon = (FalconConfig) read("falcon", changes);

      assertThat(falcon.keyHeads()).isEqualTo(keyHeads);
      assertThat(falcon.order()).isEqualTo(order);
      assertThat(falcon.intermediateSize()).isEqualTo(96);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "gpt_neox; 'attention_dropout': 1.0; attention_dropout",
        "gpt_neox; 'hidden_dropout': -0.1; hidden_dropout",
        "gpt_neox; 'sliding_window': 7; sliding_window",
        "gpt_neox; 'rotary_pct': 1.5; partial_rotary_factor",
        "gpt_neox; 'num_attention_heads': 5; num_attention_heads",
        "gpt_neox; 'hidden_act': 'quick_gelu'; hidden_act",
        "opt; 'layer_norm_elementwise_affine': false; layer_norm_elementwise_affine",
        "opt; 'word_embed_proj_dim': 0; word_embed_proj_dim",
        "opt; 'rope_theta': 10000; rope_theta",
        "falcon; 'attention_dropout': 1.5; attention_dropout",
        "falcon; 'new_decoder_architecture': true, 'parallel_attn': false; parallel_attn",
        "falcon; 'new_decoder_architecture': true, 'num_ln_in_parallel_attn': 3; num_ln_in",
        "falcon; 'new_decoder_architecture': true, 'num_kv_heads': 3; num_kv_heads",
        "falcon; 'multi_query': false, 'num_kv_heads': 2; num_kv_heads",
        "falcon; 'sliding_window': 7; sliding_window",
        "mixtral; 'router_jitter_noise': 0.1; router_jitter_noise",
        "mixtral; 'attention_bias': true; attention_bias",
        "mixtral; 'num_experts': 4; num_experts",
        "qwen2_moe; 'attention_bias': true; attention_bias",
        "qwen2_moe; 'shared_expert_intermediate_size': 0; shared_expert_intermediate_size",
        "qwen2_moe; 'expert_capacity': 3; expert_capacity",
        "qwen3_moe; 'qkv_bias': true; qkv_bias",
        "qwen3_moe; 'shared_expert_intermediate_size': 8; shared_expert_intermediate_size",
      })
  void what_a_family_does_not_compute_is_refused_by_name(String type, String changes, String key) {
    assertThatThrownBy(() -> read(type, sizes(type) + changes))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key);
  }

  private static String sizes(String type) {
    String experts =
        "'num_experts_per_tok': 2, 'num_local_experts': 4, 'moe_intermediate_size': 8, 'num_key_value_heads': 2, ";
    return "'intermediate_size': 36, 'ffn_dim': 36, "
        + (type.matches("mixtral|.*_moe") ? experts : "")
        + (type.equals("qwen2_moe") ? "'shared_expert_intermediate_size': 8, " : "");
  }

  private static Architecture read(String type, String changes) {
    String json = "{%s, 'model_type': '%s', %s}".formatted(SIZES, type, changes);
    return Architectures.read(
        ConfigJson.parse(Path.of("config.json"), json.replace('\'', '"').getBytes(UTF_8)));
  }
}
