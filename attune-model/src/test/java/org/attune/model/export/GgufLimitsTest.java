package org.attune.model.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Families of which llama.cpp computes some models only: these are written, others refused. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufLimitsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mixtral     | 'sliding_window': null",
        "qwen2_moe   | 'mlp_only_layers': []",
        "qwen3_moe   | 'mlp_only_layers': [], 'attention_bias': false",
        "gemma2      | 'query_pre_attn_scalar': 10, 'tie_word_embeddings': true",
        "gemma3_text | 'query_pre_attn_scalar': 10, 'attention_bias': false, 'num_hidden_layers': 6, 'layer_types': null, 'sliding_window_pattern': 6, 'rope_parameters': {'full_attention': {'rope_type': 'linear', 'factor': 8.0, 'rope_theta': 5000.0}, 'sliding_attention': {'rope_type': 'default', 'rope_theta': 10000.0}}",
        "phi3        | 'sliding_window': null, 'rope_parameters': {'rope_type': 'default', 'rope_theta': 5000.0, 'partial_rotary_factor': 0.6}",
        "falcon      | 'bias': false",
        "falcon-40b  | 'rope_parameters': {'rope_type': 'default', 'rope_theta': 5000.0}",
        "falcon-11b  | 'bias': false",
      })
  void what_llama_cpp_computes_is_written_and_read_again(String family, String changes)
      throws IOException {
    Path source = made(family, changes);

    ExportProof proof =
        ModelExport.run(
            () -> LanguageModel.load(source),
            ExportRequest.withDefaults(folder.resolve("model.gguf"), ExportType.F32));

    assertThat(proof.holds()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mixtral     | 'num_local_experts': 5         | sliding_window must be absent",
        "qwen2_moe   | 'num_experts': 5               | mlp_only_layers must be empty",
        "qwen2_moe   | 'mlp_only_layers': [], 'norm_topk_prob': true | norm_topk_prob must be false",
        "qwen3_moe   | 'mlp_only_layers': []          | attention_bias must be false",
        "qwen3_moe   | 'mlp_only_layers': [], 'decoder_sparse_step': 2 | decoder_sparse_step must be 1",
        "gemma2      | 'num_hidden_layers': 3         | query_pre_attn_scalar must be 10",
        "gemma2      | 'query_pre_attn_scalar': 10, 'attn_logit_softcapping': null | attn_logit_softcapping must be a number",
        "gemma2      | 'query_pre_attn_scalar': 10, 'layer_types': ['full_attention', 'full_attention', 'full_attention'] | layer_types must be [sliding_attention, full_attention",
        "gemma3_text | 'query_pre_attn_scalar': 10    | attention_bias must be false",
        "phi3        | 'sliding_window': null         | default, linear or llama3",
        "falcon      | 'multi_query': true            | bias must be false",
        "falcon-rw   | 'bias': false                  | parallel_attn must be true",
      })
  void what_llama_cpp_would_take_for_another_model_is_refused(
      String family, String changes, String rule) throws IOException {
    Path source = made(family, changes);

    assertThatThrownBy(
            () ->
                ModelExport.run(
                    () -> LanguageModel.load(source),
                    ExportRequest.withDefaults(folder.resolve("model.gguf"), ExportType.F32)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(rule)
        .hasMessageContaining("folder");
    assertThat(folder.resolve("model.gguf")).doesNotExist();
  }

  /** A random model with the configuration of a golden one, but for some keys. */
  private Path made(String family, String changes) throws IOException {
    Path golden = Goldens.open("family-" + family).tensors().resolveSibling("model");
    ObjectNode config = ConfigJson.read(golden.resolve("config.json")).toJson();
    config.setAll(changed(changes));
    Path settings = Files.createDirectory(folder.resolve("settings"));
    Files.write(settings.resolve("config.json"), config.toString().getBytes(UTF_8));
    Path made = Files.createDirectory(folder.resolve("made"));
    try (LanguageModel model = LanguageModel.fresh(settings, Head.CAUSAL, 7)) {
      model.save(made);
    }
    return made;
  }

  private static ObjectNode changed(String changes) throws JsonProcessingException {
    JsonNode json = new ObjectMapper().readTree("{" + changes.replace('\'', '"') + "}");
    return (ObjectNode) json;
  }
}
