package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.attune.cli.Attune;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class ScoreCommandTest {
  private static final Path STORIES = Bundled.stories260k();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void log_probabilities_of_stories_are_those_of_the_reference() throws Exception {
    JsonNode expected = JSON.readTree(STORIES.resolve("reference.json").toFile()).get("nll");
    String[] stories = stories();

    for (int story = 0; story < 3; story++) {
      Attune run =
          Attune.reading(
              stories[story].strip(), "score", "--model", STORIES, "--text", "-", "--json");

      assertThat(run.exitCode()).isZero();
      JsonNode result = JSON.readTree(run.output());
      int scored = expected.get(story).get("tokens_scored").asInt();
      assertThat(result.get("token_ids")).hasSize(scored + 1);
      assertThat(result.get("log_probs")).hasSize(scored + 1);
      assertThat(result.get("log_probs").get(0).isNull()).isTrue();
      assertThat(-result.get("sum").asDouble() / scored)
          .isCloseTo(expected.get(story).get("nll_sum").asDouble() / scored, within(1e-4));
      assertThat(result.get("perplexity").asDouble())
          .isCloseTo(Math.exp(-result.get("sum").asDouble() / scored), within(1e-6));
    }
  }

  @Test
  void without_json_tokens_are_numbers_too() {
    Attune run = Attune.run("score", "--model", STORIES, "--text", "Once upon");

    assertThat(run.output()).startsWith("token_ids: [1, ");
  }

  @Test
  void tokens_of_the_prompt_are_not_in_the_sum() throws Exception {
    JsonNode result =
        JSON.readTree(
            Attune.run(
                    "score",
                    "--model",
                    STORIES,
                    "--prompt",
                    "Once upon",
                    "--text",
                    " a time",
                    "--json")
                .output());

    double later =
        result.get("log_probs").get(3).asDouble() + result.get("log_probs").get(4).asDouble();
    assertThat(result.get("token_ids")).hasSize(5);
    assertThat(result.get("sum").asDouble()).isCloseTo(later, within(1e-9));
  }

  @Test
  void a_score_head_gives_logits_and_the_sigmoid_of_its_label(@TempDir Path reward)
      throws Exception {
    try (LanguageModel model = LanguageModel.load(STORIES, Head.SCORE, 1)) {
      model.save(reward);
    }

    JsonNode result =
        JSON.readTree(
            Attune.run("score", "--model", reward, "--text", "Once upon a time", "--json")
                .output());

    double logit = result.get("logits").get(0).asDouble();
    assertThat(result.get("scores").get("LABEL_0").asDouble())
        .isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-6));
  }

  @Test
  void a_text_without_a_token_to_score_is_an_error() {
    Attune run = Attune.run("score", "--model", STORIES, "--text", "", "--json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors()).contains("--text", "no token to score", "Give a longer text");
  }

  @Test
  void a_text_over_the_context_is_an_error() {
    Attune run = Attune.run("score", "--model", STORIES, "--text", "One day. ".repeat(400));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors()).contains("--text", "512", "Shorten it");
  }

  private static String[] stories() throws Exception {
    Path file = Bundled.path("tinystories-sample/tinystories_sample.txt.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).split("<\\|endoftext\\|>");
    }
  }
}
