package org.attune.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class ExportCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void writes_a_gguf_file_that_says_the_same() throws IOException {
    Path file = folder.resolve("stories.gguf");

    Attune exported =
        Attune.run("export", "--model", Bundled.stories260k(), "--to", file, "--json");

    assertThat(exported.exitCode()).as(exported.errors()).isZero();
    JsonNode result = JSON.readTree(exported.output());
    assertThat(result.get("type").asText()).isEqualTo("f16");
    assertThat(result.get("same_likeliest").asDouble()).isEqualTo(1);
    assertThat(written(file)).isEqualTo(written(Bundled.stories260k()));
  }

  private static String written(Path model) {
    Attune run =
        Attune.run(
            "generate",
            "--model",
            model,
            "--prompt",
            "Once upon a time",
            "--temperature",
            "0",
            "--max-new-tokens",
            "20");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return run.output();
  }

  @Test
  void merges_an_adapter() throws IOException {
    Path adapter = Goldens.open("adapter").tensors().resolveSibling("adapter");
    Path base = Goldens.open("llama-random").tensors().resolveSibling("model");
    Path target = folder.resolve("merged");

    Attune exported =
        Attune.run(
            "export",
            "--model",
            base,
            "--adapter",
            adapter,
            "--to",
            target,
            "--type",
            "f32",
            "--json");

    assertThat(exported.exitCode()).as(exported.errors()).isZero();
    assertThat(target.resolve("model.safetensors")).exists();
    assertThat(target.resolve("adapter_config.json")).doesNotExist();
  }

  @Test
  void compares_on_the_prompts_that_are_given() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "Once\n\nOne day\n");

    Attune exported =
        Attune.run(
            "export",
            "--model",
            Bundled.stories260k(),
            "--to",
            folder.resolve("s.gguf"),
            "--prompts",
            prompts,
            "--json");

    assertThat(JSON.readTree(exported.output()).get("texts").asInt()).isEqualTo(2);
  }

  @Test
  void says_which_prompts_are_missing() {
    Attune exported =
        Attune.run(
            "export",
            "--model",
            Bundled.stories260k(),
            "--to",
            folder.resolve("s.gguf"),
            "--prompts",
            folder.resolve("none.txt"));

    assertThat(exported.exitCode()).isEqualTo(2);
    assertThat(exported.errors()).contains("--prompts", "none.txt", "one prompt in a line");
  }

  @Test
  void says_which_types_a_folder_can_have() {
    Attune exported =
        Attune.run(
            "export",
            "--model",
            Bundled.stories260k(),
            "--to",
            folder.resolve("s"),
            "--type",
            "q4_0");

    assertThat(exported.exitCode()).isEqualTo(2);
    assertThat(exported.errors()).contains("--type q4_0", "ends in .gguf");
  }

  @Test
  void does_not_take_a_damaged_file_for_a_model() throws IOException {
    Path file = Files.writeString(folder.resolve("damaged.gguf"), "GGUF");

    Attune exported = Attune.run("export", "--model", file, "--to", folder.resolve("s.gguf"));

    assertThat(exported.exitCode()).isEqualTo(4);
    assertThat(exported.errors()).contains("damaged.gguf is no complete GGUF file");
  }
}
