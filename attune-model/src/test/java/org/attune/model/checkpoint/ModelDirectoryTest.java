package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class ModelDirectoryTest {
  @TempDir private Path directory;

  @Test
  void a_complete_one_gives_configuration_weights_and_generation_defaults() {
    ModelDirectory model = ModelDirectory.open(Bundled.stories260k());

    assertThat(model.config().text("model_type")).isEqualTo("llama");
    assertThat(model.hasTokenizer()).isTrue();
    assertThat(model.generationDefaults().eosIds()).containsExactly(1, 2);
    try (StoredTensors weights = model.openWeights()) {
      assertThat(weights.names()).hasSize(47);
    }
  }

  @Nested
  final class Generation_defaults {
    @Test
    void are_read_from_their_file() throws IOException {
      config("{}");
      Files.writeString(
          directory.resolve("generation_config.json"),
          """
          {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "do_sample": true,
           "temperature": 0.7, "top_k": 40, "top_p": 0.9, "min_p": 0.05,
           "repetition_penalty": 1.1, "no_repeat_ngram_size": 3, "min_new_tokens": 4,
           "max_new_tokens": 64, "max_length": 128, "stop_strings": "END",
           "transformers_version": "4.57.0", "cache_implementation": "static"}""");

      GenerationDefaults defaults = ModelDirectory.open(directory).generationDefaults();

      assertThat(defaults.bosId()).hasValue(1);
      assertThat(defaults.eosIds()).containsExactly(2);
      assertThat(defaults.padId()).hasValue(0);
      assertThat(defaults.settings().toJson().size()).isEqualTo(16);
    }

    @Test
    void without_a_file_are_those_of_transformers_and_the_ids_of_the_model() throws IOException {
      config(
          """
          {"bos_token_id": 5, "eos_token_id": 6, "pad_token_id": null}""");

      GenerationDefaults defaults = ModelDirectory.open(directory).generationDefaults();

      assertThat(defaults.bosId()).hasValue(5);
      assertThat(defaults.eosIds()).containsExactly(6);
      assertThat(defaults.padId()).isEmpty();
      assertThat(defaults.settings().has("temperature")).isFalse();
    }

    @Test
    void of_a_wrong_type_name_file_key_and_value() throws IOException {
      config("{}");
      Files.writeString(
          directory.resolve("generation_config.json"),
          """
          {"eos_token_id": "end"}""");

      assertRefused()
          .hasMessageContainingAll(
              "generation_config.json", "eos_token_id must be a whole number", "\"end\"");
    }
  }

  @Nested
  final class A_path_that_is_no_model {
    @Test
    void may_not_exist() {
      assertThatThrownBy(() -> ModelDirectory.open(directory.resolve("absent")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("absent does not exist", "config.json", "model.safetensors");
    }

    @Test
    void may_be_a_file() throws IOException {
      Path file = Files.writeString(directory.resolve("model.safetensors"), "");

      assertThatThrownBy(() -> ModelDirectory.open(file))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("model.safetensors is a file", "directory");
    }

    @Test
    void may_lack_config_json() {
      assertRefused()
          .hasMessageContainingAll(directory.toString(), "no config.json", "saved with the model");
    }

    @Test
    void may_hold_an_adapter() throws IOException {
      Files.writeString(directory.resolve("adapter_config.json"), "{}");

      assertRefused().hasMessageContainingAll("an adapter", "model that it adapts");
    }

    @Test
    void may_lack_weights() throws IOException {
      config("{}");

      ModelDirectory model = ModelDirectory.open(directory);

      assertThatThrownBy(model::openWeights)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              directory.toString(), "no weights", "model.safetensors.index.json", "Copy them");
    }

    @Test
    void may_have_an_empty_file_of_pickled_weights() throws IOException {
      config("{}");
      Files.writeString(directory.resolve("pytorch_model.bin"), "");

      ModelDirectory model = ModelDirectory.open(directory);

      assertThatThrownBy(model::openWeights)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("pytorch_model.bin is no complete PyTorch file", "Copy");
    }
  }

  @Nested
  final class Configuration {
    @Test
    void that_is_no_json_names_line_and_column() throws IOException {
      config("{\n  \"a\": oops}");

      assertRefused().hasMessageContainingAll("config.json", "line 2", "column", "Copy the file");
    }

    @Test
    void that_is_empty_or_no_object_is_refused() throws IOException {
      config("");
      assertRefused().hasMessageContainingAll("config.json", "is empty");

      config("[1]");
      assertRefused().hasMessageContainingAll("config.json", "JSON object", "[1]");
    }

    @Test
    void gives_typed_values_and_defaults() throws IOException {
      ConfigJson config =
          ConfigJson.read(
              config(
                  """
                  {"int": 7, "double": 1e-5, "flag": true, "text": "silu", "null": null,
                   "list": [1, 2], "words": ["a"], "inner": {"factor": 8}, "nan": NaN}"""));

      assertThat(config.integer("int")).isEqualTo(7);
      assertThat(config.number("int")).isEqualTo(7);
      assertThat(config.number("double")).isEqualTo(1e-5);
      assertThat(config.number("nan")).isNaN();
      assertThat(config.flag("flag")).isTrue();
      assertThat(config.text("text")).isEqualTo("silu");
      assertThat(config.integers("list")).containsExactly(1, 2);
      assertThat(config.integers("int")).containsExactly(7);
      assertThat(config.texts("words")).containsExactly("a");
      assertThat(config.has("null")).isFalse();
      assertThat(config.integer("null", 3)).isEqualTo(3);
      assertThat(config.number("absent", 0.5)).isEqualTo(0.5);
      assertThat(config.flag("absent", true)).isTrue();
      assertThat(config.text("absent", "gelu")).isEqualTo("gelu");
      assertThat(config.object("inner").orElseThrow().integer("factor")).isEqualTo(8);
      assertThat(config.object("absent")).isEmpty();
      assertThat(config.toJson().path("text").asText()).isEqualTo("silu");
    }

    @Test
    void of_a_wrong_type_names_file_key_and_value() throws IOException {
      ConfigJson config =
          ConfigJson.read(
              config(
                  """
                  {"int": 1.5, "big": 3000000000, "flag": "yes", "list": [1, "x"],
                   "inner": {"factor": []}}"""));

      assertThatThrownBy(() -> config.integer("int"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("config.json", "int must be a whole number", "1.5");
      assertThatThrownBy(() -> config.integer("big")).hasMessageContaining("3000000000");
      assertThatThrownBy(() -> config.flag("flag")).hasMessageContainingAll("flag", "\"yes\"");
      assertThatThrownBy(() -> config.integers("list")).hasMessageContaining("[1,\"x\"]");
      assertThatThrownBy(() -> config.integer("absent"))
          .hasMessageContaining("absent must be a whole number but is missing; add it");
      assertThatThrownBy(() -> config.object("inner").orElseThrow().number("factor"))
          .hasMessageContaining("inner.factor must be a number but was []");
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> ModelDirectory.open(directory))
        .isInstanceOf(CheckpointException.class);
  }

  private Path config(String json) throws IOException {
    return Files.writeString(directory.resolve("config.json"), json);
  }
}
