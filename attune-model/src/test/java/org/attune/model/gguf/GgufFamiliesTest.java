package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufFamiliesTest {
  private static final JsonNode NAMES = Goldens.open("gguf-names").values();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "gpt2",
        "qwen2",
        "qwen3",
        "gemma",
        "gemma2",
        "gemma3",
        "phi3",
        "olmo2",
        "falcon",
        "qwen2moe",
        "qwen3moe"
      })
  void call_tensors_as_transformers_does(String architecture) {
    GgufFamily family = family(architecture);
    Map<String, String> expected = new TreeMap<>();
    NAMES
        .get(architecture)
        .properties()
        .forEach(entry -> expected.put(entry.getKey(), entry.getValue().asText()));
    // transformers keeps all experts in one tensor in memory, and apart in its files
    expected.keySet().removeIf(name -> name.contains("_exps"));

    Map<String, String> names = new TreeMap<>();
    expected.keySet().forEach(name -> names.put(name, TensorName.of(name, family).transformers()));

    assertThat(names).isEqualTo(expected).isNotEmpty();
  }

  @Test
  void give_each_expert_its_own_name() {
    TensorName name = TensorName.of("blk.3.ffn_up_exps.weight", family("qwen3moe"));

    assertThat(name.isOfExperts()).isTrue();
    assertThat(name.ofExpert(7)).isEqualTo("model.layers.3.mlp.experts.7.up_proj.weight");
  }

  @Test
  void take_a_llama_with_experts_for_a_mixtral() {
    GgufFamily family =
        GgufFamilies.of(
            metadata(Map.of("general.architecture", "llama", "llama.expert_count", 8L)), Map.of());

    assertThat(family.modelType()).isEqualTo("mixtral");
    assertThat(TensorName.of("blk.0.ffn_gate_exps.weight", family).ofExpert(1))
        .isEqualTo("model.layers.0.block_sparse_moe.experts.1.w1.weight");
  }

  @Test
  void leave_a_tensor_that_they_do_not_know_its_name() {
    assertThat(TensorName.of("blk.0.ssm_a.weight", family("llama")).transformers())
        .isEqualTo("blk.0.ssm_a.weight");
  }

  @Test
  void that_are_unknown_are_refused_with_those_that_are_known() {
    assertThatThrownBy(() -> family("mamba"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(
            "x.gguf: general.architecture must be one of", "llama", "qwen3moe", "was mamba");
  }

  @Test
  void divide_frequencies_as_llama_3_does_and_find_its_parameters_again() {
    float[] divisors = LlamaFrequencies.divisors(128, 500_000, 8, 1, 4, 8192);

    assertThat(divisors[0]).isEqualTo(1);
    assertThat(divisors[63]).isEqualTo(8);
    assertThat(
            LlamaFrequencies.parameters(divisors, 500_000, JsonNodeFactory.instance.objectNode()))
        .hasValueSatisfying(
            scaling -> {
              assertThat(scaling.get("rope_type").asText()).isEqualTo("llama3");
              assertThat(scaling.get("factor").asDouble()).isEqualTo(8);
              assertThat(scaling.get("original_max_position_embeddings").asInt()).isEqualTo(8192);
            });
  }

  @Test
  void undo_the_interleaving_of_rotary_rows_and_the_grouping_of_falcon() {
    var config =
        ConfigJson.parse(
            Path.of("config.json"),
            """
            {"num_attention_heads": 4, "num_key_value_heads": 2, "num_kv_heads": 2}"""
                .getBytes(StandardCharsets.UTF_8));

    // two heads of four: rows 0 1 2 3 of a head stand as 0 2 1 3
    assertThat(rows(Arrangement.INTERLEAVED_KEYS.of(8, 1, config), 8))
        .containsExactly(0L, 2L, 1L, 3L, 4L, 6L, 5L, 7L);
    // two groups of two queries, a key and a value, each one row
    assertThat(rows(Arrangement.UNGROUPED.of(8, 1, config), 8))
        .containsExactly(0L, 1L, 4L, 5L, 2L, 6L, 3L, 7L);
  }

  private static List<Long> rows(RowLayout.Strided layout, int count) {
    return LongStream.range(0, count).map(layout.first()).boxed().toList();
  }

  private static GgufFamily family(String architecture) {
    return GgufFamilies.of(
        metadata(Map.of("general.architecture", architecture)),
        architecture.equals("falcon") ? Map.of("blk.0.attn_norm_2.weight", norm()) : Map.of());
  }

  private static GgufTensor norm() {
    return new GgufTensor("blk.0.attn_norm_2.weight", GgufType.F32, List.of(8L), 0);
  }

  private static GgufMetadata metadata(Map<String, Object> values) {
    return new GgufMetadata(Path.of("x.gguf"), values);
  }
}
