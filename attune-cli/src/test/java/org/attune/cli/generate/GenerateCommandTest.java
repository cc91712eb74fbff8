package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.cli.Attune;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class GenerateCommandTest {
  private static final Path STORIES = Bundled.stories260k();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void greedy_text_is_that_of_the_reference() throws Exception {
    JsonNode greedy = JSON.readTree(STORIES.resolve("reference.json").toFile()).get("greedy");
    String story = greedy.get("text").asText();
    int promptTokens = greedy.get("start_ids").size();

    Attune run =
        Attune.run(
            "generate",
            "--model",
            STORIES,
            "--prompt",
            "",
            "--temperature",
            "0",
            "--max-new-tokens",
            greedy.get("ids").size() - promptTokens,
            "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode result = JSON.readTree(run.output());
    assertThat(result.fieldNames())
        .toIterable()
        .containsExactly("prompt", "completion", "token_ids", "finish_reason");
    assertThat(result.get("completion").asText().strip()).isEqualTo(story.strip());
    for (int i = 0; i < result.get("token_ids").size(); i++) {
      assertThat(result.get("token_ids").get(i)).isEqualTo(greedy.get("ids").get(promptTokens + i));
    }
  }

  @Test
  void a_completion_is_what_follows_the_prompt() throws Exception {
    Attune run =
        Attune.run(
            "generate",
            "--model",
            STORIES,
            "--prompt",
            "Once upon a time",
            "--temperature",
            "0",
            "--max-new-tokens",
            "64",
            "--json");

    JsonNode result = JSON.readTree(run.output());
    assertThat(result.get("prompt").asText()).isEqualTo("Once upon a time");
    assertThat(result.get("completion").asText())
        .startsWith(", there was a little girl named Lily. She loved to play outside");
    assertThat(result.get("token_ids")).hasSize(64);
    assertThat(result.get("finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void without_json_only_the_completion_is_printed() {
    Attune run =
        Attune.run(
            "generate",
            "--model",
            STORIES,
            "--prompt",
            "Once upon a time",
            "--max-new-tokens",
            "8");

    assertThat(run.output()).isEqualTo(", there was a little girl%n".formatted());
    assertThat(run.errors()).isEmpty();
  }

  @Test
  void a_model_that_ends_at_once_is_no_riddle(@TempDir Path folder) throws Exception {
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(STORIES.resolve(file), folder.resolve(file));
    }
    Files.writeString(
        folder.resolve("generation_config.json"), "{\"eos_token_id\": 432}"); // a comma

    Attune run =
        Attune.run(
            "generate", "--model", folder, "--prompt", "Once upon a time", "--temperature", "0");

    assertThat(run.errors()).contains("The model ended the text at once.", "attune chat");
  }

  @Test
  void a_dash_reads_the_prompt_from_standard_input() {
    Attune run =
        Attune.reading(
            "Once upon a time",
            "generate",
            "--model",
            STORIES,
            "--prompt",
            "-",
            "--max-new-tokens",
            "8");

    assertThat(run.output()).isEqualTo(", there was a little girl%n".formatted());
  }

  @Test
  void a_seed_repeats_what_was_drawn() {
    Object[] sampled = {
      "generate",
      "--model",
      STORIES,
      "--prompt",
      "One day",
      "--temperature",
      "1",
      "--seed",
      "7",
      "--max-new-tokens",
      "30"
    };

    assertThat(Attune.run(sampled).output()).isEqualTo(Attune.run(sampled).output());
  }

  @Test
  void a_prompt_over_the_context_is_an_error() {
    Attune run =
        Attune.run("generate", "--model", STORIES, "--prompt", "Once upon a time. ".repeat(200));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("context holds 512", "Shorten the prompt");
  }

  @Test
  void a_wrong_setting_is_named_with_its_value_and_rule() {
    Attune run = Attune.run("generate", "--model", STORIES, "--prompt", "a", "--top-p", "1.5");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors()).contains("top-p must be in (0, 1] but was 1.5. Use 1");
  }

  @Test
  void several_samples_are_a_line_of_json_each() throws Exception {
    Attune run = story("--temperature", "1", "--samples", "3", "--json");

    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.output().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines).hasSize(3);
    assertThat(lines).extracting(line -> line.get("completion").asText()).doesNotHaveDuplicates();
    assertThat(story("--temperature", "1", "--samples", "3").output().lines()).hasSize(3);
  }

  @Test
  void beams_have_a_score() throws Exception {
    Attune run = story("--beams", "3", "--length-penalty", "0.5", "--json");

    assertThat(JSON.readTree(run.output()).get("score").asDouble()).isNegative();
  }

  @Test
  void a_stop_string_ends_the_text_and_is_not_in_it() throws Exception {
    Attune run = story("--stop", "little", "--json");

    JsonNode result = JSON.readTree(run.output());
    assertThat(result.get("completion").asText()).isEqualTo(", there was a ");
    assertThat(result.get("finish_reason").asText()).isEqualTo("stop");
    assertThat(story("--stop", "little").output()).isEqualTo(", there was a %n".formatted());
  }

  @Test
  void every_option_reaches_the_text() {
    String plain = story().output();

    assertThat(story("--bad-word", "girl").output()).isNotEqualTo(plain).doesNotContain("girl");
    assertThat(story("--bias", "girl=-50").output()).doesNotContain("girl");
    assertThat(story("--suppress", "432").output()).isNotEqualTo(plain);
    assertThat(story("--suppress-at-begin", "432").output()).isNotEqualTo(plain);
    assertThat(story("--repetition-penalty", "5").output()).isNotEqualTo(plain);
    Object[] longer = {"--max-new-tokens", "64"};
    assertThat(story("--max-new-tokens", "64", "--presence-penalty", "20").output())
        .isNotEqualTo(story(longer).output());
    assertThat(story("--max-new-tokens", "64", "--frequency-penalty", "20").output())
        .isNotEqualTo(story(longer).output());
    assertThat(story("--max-new-tokens", "64", "--no-repeat-ngram-size", "1").output())
        .isNotEqualTo(story(longer).output());
    assertThat(story("--max-length", "6").output().length()).isLessThan(plain.length());
    assertThat(story("--forced-eos-id", "317", "--json").output()).contains("317]");
    assertThat(story("--length-decay-factor", "9", "--json").output()).contains("\"stop\"");
    assertThat(story("--max-new-tokens", "200", "--min-new-tokens", "199", "--json").output())
        .contains("\"length\"");
  }

  @Test
  void all_wrong_settings_are_told_at_once() {
    Attune run = story("--top-p", "1.5", "--beams", "0", "--typical-p", "2", "--samples", "-1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors())
        .contains(
            "4 problems",
            "top-p must be in (0, 1] but was 1.5",
            "beams must be >= 1 but was 0",
            "typical-p must be in (0, 1] but was 2.0",
            "samples must be >= 1 but was -1");
  }

  @Test
  void a_setting_of_the_model_that_is_not_understood_is_an_error(@TempDir Path folder)
      throws Exception {
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(STORIES.resolve(file), folder.resolve(file));
    }
    Files.writeString(
        folder.resolve("generation_config.json"),
        "{\"guidance_scale\": 1.5, \"num_beam_groups\": 2}");

    Attune run = Attune.run("generate", "--model", folder, "--prompt", "a");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors())
        .contains("generation_config.json", "guidance_scale = 1.5, num_beam_groups = 2", "remove");
  }

  private static Attune story(Object... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("generate", "--model", STORIES, "--prompt", "Once upon a time"));
    if (!Arrays.asList(options).contains("--max-new-tokens")) {
      arguments.addAll(List.of("--max-new-tokens", "24"));
    }
    arguments.addAll(List.of(options));
    return Attune.run(arguments.toArray());
  }

  @Test
  void a_folder_without_a_model_tells_what_was_looked_for(@TempDir Path empty) {
    Attune run = Attune.run("generate", "--model", empty, "--prompt", "a");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors())
        .contains(
            empty.toString(),
            empty.resolve("config.json").toString(),
            empty.resolve("config.yaml").toString());
  }

  @Test
  void a_model_without_weights_is_an_error(@TempDir Path folder) throws Exception {
    Files.copy(STORIES.resolve("config.json"), folder.resolve("config.json"));
    Files.copy(STORIES.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));

    Attune run = Attune.run("generate", "--model", folder, "--prompt", "a");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors()).contains(folder.toString(), "model.safetensors");
  }

  @Test
  void weights_of_another_shape_are_an_error(@TempDir Path folder) throws Exception {
    Files.copy(STORIES.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    Files.copy(STORIES.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    String config = Files.readString(STORIES.resolve("config.json"));
    Files.writeString(
        folder.resolve("config.json"),
        config.replace("\"intermediate_size\": 172", "\"intermediate_size\": 170"));

    Attune run = Attune.run("generate", "--model", folder, "--prompt", "a");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors()).contains("172", "170", "mlp");
  }

  @Test
  void truncated_weights_are_an_error(@TempDir Path folder) throws Exception {
    Files.copy(STORIES.resolve("config.json"), folder.resolve("config.json"));
    byte[] weights = Files.readAllBytes(STORIES.resolve("model.safetensors"));
    Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length / 2));

    Attune run = Attune.run("generate", "--model", folder, "--prompt", "a");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors()).contains("model.safetensors");
  }
}
