package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.falcon.FalconConfig;
import org.attune.model.mixtral.MixtralConfig;
import org.attune.model.qwen2moe.Qwen2MoeConfig;
import org.attune.model.qwen3moe.Qwen3MoeConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What families take from the tensors of a file, because its head does not say it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class ConfigRestTest {
  private static final int EXPERT_WIDTH = 6;

  @TempDir private Path folder;

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  final class A_falcon {
    @Test
    void with_grouped_heads_and_one_norm_is_of_the_new_architecture() {
      ConfigJson config = config(falcon(2));

      assertThat(config.flag("new_decoder_architecture", false)).isTrue();
      assertThat(config.integer("num_ln_in_parallel_attn")).isEqualTo(1);
      assertThat(FalconConfig.read(config).heads().keyHeads()).isEqualTo(2);
    }

    @Test
    void with_two_norms_is_of_the_new_architecture() {
      ConfigJson config = config(vector(falcon(4), "blk.0.attn_norm_2.weight"));

      assertThat(config.flag("new_decoder_architecture", false)).isTrue();
      assertThat(config.integer("num_ln_in_parallel_attn")).isEqualTo(2);
    }

    @Test
    void with_one_key_head_or_as_many_as_heads_is_of_the_old_one() {
      for (int keyHeads : new int[] {1, 4}) {
        ConfigJson config = config(falcon(keyHeads));

        assertThat(config.flag("new_decoder_architecture", true)).isFalse();
        assertThat(FalconConfig.read(config).heads().keyHeads()).isEqualTo(keyHeads);
      }
    }

    private GgufWriter falcon(int keyHeads) {
      return model("falcon").count("falcon.attention.head_count_kv", keyHeads);
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  final class A_model_with_experts {
    @Test
    void has_biases_of_queries_where_the_file_has_them() {
      ConfigJson with = config(vector(shared("qwen2moe"), "blk.0.attn_q.bias"));
      ConfigJson without = config(shared("qwen2moe"));

      assertThat(Qwen2MoeConfig.read(with).attentionBias()).isTrue();
      assertThat(Qwen2MoeConfig.read(without).attentionBias()).isFalse();
    }

    @Test
    void needs_no_width_of_dense_layers_if_it_has_none() {
      assertThat(Qwen2MoeConfig.read(config(shared("qwen2moe"))).experts().width())
          .isEqualTo(EXPERT_WIDTH);
      assertThat(Qwen3MoeConfig.read(config(experts("qwen3moe"))).experts().width())
          .isEqualTo(EXPERT_WIDTH);
      assertThat(MixtralConfig.read(config(experts("llama"))).experts().width())
          .isEqualTo(EXPERT_WIDTH);
    }

    @Test
    void needs_the_width_of_a_dense_layer() {
      ConfigJson config = config(matrix(experts("qwen3moe"), "blk.1.ffn_up.weight"));

      assertThatThrownBy(() -> Qwen3MoeConfig.read(config))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("intermediate_size");
    }

    private GgufWriter experts(String architecture) {
      return model(architecture)
          .count(architecture + ".attention.head_count_kv", 4)
          .count(architecture + ".expert_count", 2)
          .count(architecture + ".expert_used_count", 1)
          .tensor(
              "blk.0.ffn_up_exps.weight",
              GgufType.F32,
              List.of(2L, (long) EXPERT_WIDTH, 8L),
              (row, values) -> {});
    }

    private GgufWriter shared(String architecture) {
      return matrix(experts(architecture), "blk.0.ffn_up_shexp.weight");
    }
  }

  private ConfigJson config(GgufWriter writer) {
    Path file = folder.resolve("model.gguf");
    writer.write(file);
    return GgufModel.open(file).config();
  }

  private static GgufWriter model(String architecture) {
    return new GgufWriter()
        .text("general.architecture", architecture)
        .count(architecture + ".embedding_length", 8)
        .count(architecture + ".block_count", 2)
        .count(architecture + ".attention.head_count", 4)
        .tensor("token_embd.weight", GgufType.F32, List.of(3L, 8L), (row, values) -> {});
  }

  private static GgufWriter vector(GgufWriter writer, String name) {
    return writer.tensor(name, GgufType.F32, List.of(8L), (row, values) -> {});
  }

  private static GgufWriter matrix(GgufWriter writer, String name) {
    return writer.tensor(name, GgufType.F32, List.of(5L, 8L), (row, values) -> {});
  }
}
