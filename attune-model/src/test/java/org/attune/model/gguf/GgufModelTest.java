package org.attune.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.FloatElements;
import org.attune.model.checkpoint.ModelDirectory;
import org.attune.model.checkpoint.StoredTensors;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufModelTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-random", "llama-random-biased"})
  void has_the_weights_that_were_converted(String name) {
    try (StoredTensors stored = GgufModel.open(converted(name)).openWeights();
        StoredTensors original = original(name).openWeights()) {
      assertThat(stored.names()).isEqualTo(Set.copyOf(original.names()));
      for (String weight : original.names()) {
        assertThat(stored.shape(weight)).as(weight).isEqualTo(original.shape(weight));
        float[] expected = floats(original, weight);
        if (original.shape(weight).size() > 1 && !weight.endsWith("wpe.weight")) {
          round(expected);
        }
        Tolerance.EXACT.check(weight, floats(stored, weight), expected);
      }
    }
  }

  private static void round(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = FloatElements.fromHalf(FloatElements.toHalf(values[i]));
    }
  }

  @Test
  void says_what_config_json_says_of_a_llama() {
    assertThat(GgufModel.open(converted("llama-random-biased")).config().toJson())
        .isEqualTo(
            ConfigJson.parse(
                    Path.of("config.json"),
                    """
                    {"model_type": "llama", "max_position_embeddings": 64, "hidden_size": 48,
                     "num_hidden_layers": 3, "intermediate_size": 96, "num_attention_heads": 6,
                     "num_key_value_heads": 2, "rms_norm_eps": 1e-05, "rope_theta": 50000.0,
                     "head_dim": 10, "vocab_size": 211, "tie_word_embeddings": false,
                     "attention_bias": true, "mlp_bias": true}"""
                        .getBytes(StandardCharsets.UTF_8))
                .toJson());
  }

  @Test
  void says_what_config_json_says_of_a_gpt2() {
    ModelDirectory model = GgufModel.open(converted("gpt2-random"));

    assertThat(model.config().text("model_type")).isEqualTo("gpt2");
    assertThat(model.config().integer("n_positions")).isEqualTo(64);
    assertThat(model.config().integer("n_head")).isEqualTo(4);
    assertThat(model.config().number("layer_norm_epsilon")).isEqualTo(1e-5);
    assertThat(model.config().text("activation_function")).isEqualTo("gelu_new");
    assertThat(model.hasTokenizer()).isFalse();
  }

  @Nested
  final class Scaled_positions {
    @Test
    void of_llama_3_are_read_from_what_frequencies_are_divided_by() {
      ConfigJson scaling = scaling(llama(), LlamaFrequencies.divisors(16, 500_000, 32, 1, 4, 8192));

      assertThat(scaling.text("rope_type")).isEqualTo("llama3");
      assertThat(scaling.number("factor")).isEqualTo(32);
      assertThat(scaling.number("low_freq_factor")).isEqualTo(1);
      assertThat(scaling.number("high_freq_factor")).isEqualTo(4);
      assertThat(scaling.integer("original_max_position_embeddings")).isEqualTo(8192);
    }

    @Test
    void that_divide_by_something_else_are_refused() {
      float[] divisors = {1, 3, 2, 1, 5, 1, 1, 8};

      assertThatThrownBy(() -> scaling(llama(), divisors))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("rope_freqs.weight", "rule of Llama 3");
    }

    @Test
    void that_are_linear_are_read_from_the_head() {
      ConfigJson scaling =
          scaling(
              llama()
                  .text("llama.rope.scaling.type", "linear")
                  .number("llama.rope.scaling.factor", 4));

      assertThat(scaling.text("rope_type")).isEqualTo("linear");
      assertThat(scaling.number("factor")).isEqualTo(4);
    }

    @Test
    void of_an_unknown_kind_are_refused() {
      assertThatThrownBy(() -> scaling(llama().text("llama.rope.scaling.type", "spiral")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("llama.rope.scaling.type", "none, linear, yarn", "was spiral");
    }

    private ConfigJson scaling(GgufWriter writer, float... divisors) {
      if (divisors.length > 0) {
        writer.tensor(
            "rope_freqs.weight",
            GgufType.F32,
            List.of((long) divisors.length),
            (row, values) -> System.arraycopy(divisors, 0, values, 0, values.length));
      }
      Path file = folder.resolve("model.gguf");
      writer.write(file);
      return GgufModel.open(file).config().object("rope_scaling").orElseThrow();
    }
  }

  @Test
  void without_an_embedding_is_refused() {
    Path file = folder.resolve("model.gguf");
    new GgufWriter().text("general.architecture", "llama").write(file);

    assertThatThrownBy(() -> GgufModel.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("model.gguf", "token_embd.weight", "no language model");
  }

  @Test
  void ends_a_turn_of_a_chat_with_its_own_token() {
    Path file = folder.resolve("model.gguf");
    llama()
        .count("tokenizer.ggml.eos_token_id", 2)
        .count("tokenizer.ggml.eot_token_id", 5)
        .write(file);

    assertThat(GgufModel.open(file).generationDefaults().eosIds()).containsExactly(2, 5);
  }

  private static GgufWriter llama() {
    return new GgufWriter()
        .text("general.architecture", "llama")
        .count("llama.attention.head_count", 2)
        .number("llama.rope.freq_base", 500_000)
        .tensor("token_embd.weight", GgufType.F32, List.of(3L, 4L), (row, values) -> {});
  }

  private static Path converted(String name) {
    return Goldens.open("gguf-converted").tensors().resolveSibling(name + ".gguf");
  }

  private static ModelDirectory original(String name) {
    return ModelDirectory.open(Goldens.open(name).tensors().resolveSibling("model"));
  }

  private static float[] floats(StoredTensors tensors, String name) {
    long count = tensors.shape(name).stream().reduce(1L, (a, b) -> a * b);
    FloatBuffer floats = FloatBuffer.allocate((int) count);
    tensors.readFloats(name, floats);
    return floats.array();
  }
}
