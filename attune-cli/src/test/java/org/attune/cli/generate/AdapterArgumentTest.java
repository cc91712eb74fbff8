package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

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
class AdapterArgumentTest {
  private static final Path STORIES = Bundled.stories260k();
  private static final Path ADAPTER = Goldens.open("adapter-sft").tensors().resolveSibling("end");

  @TempDir private Path temporary;

  @Test
  void an_adapter_changes_what_a_model_finds_likely() throws Exception {
    double alone = sum("--model", STORIES);
    double adapted = sum("--model", STORIES, "--adapter", ADAPTER);

    assertThat(adapted).isNotEqualTo(alone);
  }

  @Test
  void an_adapters_directory_as_model_means_its_base_with_it() throws Exception {
    Path own = adapterOf(STORIES);

    assertThat(sum("--model", own)).isEqualTo(sum("--model", STORIES, "--adapter", ADAPTER));
  }

  @Test
  void the_base_of_an_adapter_may_be_a_gguf_file() throws Exception {
    Path base = temporary.resolve("stories.gguf");
    Attune exported =
        Attune.run("export", "--model", STORIES, "--to", base, "--type", "f32", "--json");
    assertThat(exported.exitCode()).as(exported.errors()).isZero();

    assertThat(sum("--model", adapterOf(base)))
        .isEqualTo(sum("--model", base, "--adapter", ADAPTER))
        .isNotEqualTo(sum("--model", base));
  }

  private Path adapterOf(Path base) throws IOException {
    Path own = Files.createDirectories(temporary.resolve("adapter"));
    Files.copy(
        ADAPTER.resolve("adapter_model.safetensors"), own.resolve("adapter_model.safetensors"));
    Files.writeString(
        own.resolve("adapter_config.json"),
        Files.readString(ADAPTER.resolve("adapter_config.json"))
            .replace("\"stories260k\"", "\"" + base + "\""));
    return own;
  }

  @Test
  void generation_and_chat_use_it() {
    Attune generated =
        Attune.run(
            "generate",
            "--model",
            STORIES,
            "--adapter",
            ADAPTER,
            "--prompt",
            "Once",
            "--max-new-tokens",
            "4");
    Attune chatted =
        Attune.reading(
            "Once", "chat", "--model", STORIES, "--adapter", ADAPTER, "--max-new-tokens", "4");

    assertThat(generated.exitCode()).as(generated.errors()).isZero();
    assertThat(chatted.output()).isEqualTo(generated.output());
  }

  @Test
  void a_directory_without_adapter_is_an_error_that_says_what_to_give() {
    Attune run =
        Attune.run(
            "score", "--model", STORIES, "--adapter", temporary, "--text", "Once upon a time");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors())
        .contains(temporary + " is no adapter: it has no adapter_config.json")
        .contains("Give the directory that PEFT or a run with lora.r saved.");
  }

  @Test
  void an_adapter_of_another_base_is_an_error_that_names_tensors_and_base() {
    Path other = Goldens.open("adapter").tensors().resolveSibling("adapter");

    Attune run =
        Attune.run("score", "--model", STORIES, "--adapter", other, "--text", "Once upon a time");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors())
        .contains("does not fit " + STORIES)
        .contains("model.layers.0.self_attn.q_proj.lora_A.weight is [4, 48], not [4, 64]")
        .contains("It was trained on \"llama-random\"; give that model.");
  }

  private static double sum(Object... model) throws Exception {
    Object[] arguments = new Object[model.length + 4];
    arguments[0] = "score";
    System.arraycopy(model, 0, arguments, 1, model.length);
    arguments[model.length + 1] = "--text";
    arguments[model.length + 2] = "Once upon a time";
    arguments[model.length + 3] = "--json";
    Attune run = Attune.run(arguments);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    return new ObjectMapper().readTree(run.output()).get("sum").asDouble();
  }
}
