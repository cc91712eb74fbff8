package org.attune.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdapterDirectoryTest {
  @TempDir private Path directory;

  private void write(String settings) throws IOException {
    Files.writeString(
        directory.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"" + settings + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"lora_bias\": true'                        | lora_bias: true",
        "'\"trainable_token_indices\": [5]'           | trainable_token_indices: [5]",
        "'\"layer_replication\": [[0, 4]]'            | layer_replication: [[0,4]]",
        "'\"use_qalora\": true'                       | use_qalora: true",
        "'\"what_will_come\": 1'                      | what_will_come: 1",
        "'\"init_lora_weights\": \"pissa\"'           | init_lora_weights must be true, false or",
        "'\"bias\": \"some\"'                         | bias must be none, all or lora_only but was",
        "'\"r\": 0'                                   | rank r must be at least 1 but was 0",
        "'\"r\": \"many\"'                            | r must be a whole number but was",
        "'\"target_modules\": \"(\"'                  | is no regular expression",
      })
  void what_is_not_computed_is_an_error_that_names_it(String setting, String message)
      throws IOException {
    write(", " + setting);

    assertThatThrownBy(() -> AdapterDirectory.open(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void another_kind_of_adapter_is_an_error() throws IOException {
    Files.writeString(directory.resolve("adapter_config.json"), "{\"peft_type\": \"IA3\"}");

    assertThatThrownBy(() -> AdapterDirectory.open(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("peft_type must be LORA")
        .hasMessageContaining("\"IA3\"");
  }

  @Test
  void settings_that_are_off_do_not_matter() throws IOException {
    write(
        ", \"lora_bias\": false, \"loftq_config\": {}, \"target_parameters\": null,"
            + " \"peft_version\": \"0.21.2\", \"lora_dropout\": 0.05");

    LoraConfig config = AdapterDirectory.open(directory).config();

    assertThat(config.rank()).isEqualTo(8);
    assertThat(config.dropout()).isEqualTo(0.05);
  }

  @Test
  void a_base_that_is_not_there_is_an_error_that_says_how_to_give_it() throws IOException {
    write(", \"base_model_name_or_path\": \"somewhere/else\"");

    assertThatThrownBy(() -> LanguageModel.load(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("adapts \"somewhere/else\"")
        .hasMessageContaining("Give the model as --model and the adapter as --adapter.");
  }

  @Test
  void an_adapter_without_tensors_is_an_error() throws IOException {
    write("");

    assertThatThrownBy(
            () -> LanguageModel.withAdapter(GoldenAdapter.base("llama-random"), directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has no adapter_model.safetensors");
  }

  @ParameterizedTest
  @CsvSource({
    "adapter, llama-random-biased, ",
    "adapter-dora, llama-random, 'unexpected: '",
    "adapter, gpt2-random, mean no module",
    "adapter-embedding, llama-random-biased, brings its base's model.embed_tokens.weight",
  })
  void an_adapter_of_another_base_is_an_error_where_it_can_be_seen(
      String adapter, String base, String message) {
    try (GoldenAdapter golden = new GoldenAdapter(adapter)) {
      Path other = GoldenAdapter.base(base);
      if (message == null) { // the same layers with biases: nothing in the file tells
        LanguageModel.withAdapter(other, golden.directory()).close();
        return;
      }
      assertThatThrownBy(() -> LanguageModel.withAdapter(other, golden.directory()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
    }
  }
}
