package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.attune.testkit.Goldens;
import org.attune.testkit.NoTensorLeaks;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a model whose encoder reads the prompt and whose decoder writes. */
@ExtendWith(NoTensorLeaks.class)
class Seq2SeqCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Goldens GOLDEN = Goldens.open("seq2seq-text");
  private static final Path MODEL = GOLDEN.tensors().resolveSibling("model");

  @Test
  void generate_writes_what_the_original_does() throws Exception {
    for (JsonNode row : GOLDEN.values().get("rows")) {
      Attune run =
          Attune.run(
              "generate",
              "--model",
              MODEL,
              "--prompt",
              row.get("prompt").asText(),
              "--temperature",
              "0",
              "--max-new-tokens",
              "12",
              "--json");

      assertThat(run.exitCode()).isZero();
      JsonNode result = JSON.readTree(run.output());
      assertThat(result.get("token_ids")).isEqualTo(row.get("new_ids"));
      assertThat(result.get("completion")).isEqualTo(row.get("new_text"));
    }
  }

  @Test
  void score_measures_the_text_as_the_decoders_answer_to_the_prompt() throws Exception {
    for (JsonNode row : GOLDEN.values().get("rows")) {
      Attune run =
          Attune.run(
              "score",
              "--model",
              MODEL,
              "--prompt",
              row.get("prompt").asText(),
              "--text",
              row.get("answer").asText(),
              "--json");

      JsonNode result = JSON.readTree(run.output());
      assertThat(result.get("token_ids")).isEqualTo(row.get("labels"));
      double sum = 0;
      for (int i = 0; i < row.get("labels").size(); i++) {
        double expected = row.get("log_probs").get(i).asDouble();
        Tolerance.LOGITS.check("token " + i, result.get("log_probs").get(i).asDouble(), expected);
        sum += expected;
      }
      Tolerance.LOGITS.check("sum", result.get("sum").asDouble(), sum);
    }
  }

  @Test
  void export_proves_a_folder_by_what_the_decoder_finds_likely(@TempDir Path folder)
      throws Exception {
    Path target = folder.resolve("exported");

    Attune run = Attune.run("export", "--model", MODEL, "--to", target, "--type", "f32", "--json");

    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(JSON.readTree(run.output()).get("same_likeliest").asDouble()).isEqualTo(1);
    assertThat(target.resolve("model.safetensors")).isNotEmptyFile();
  }

  @Test
  void score_without_a_prompt_asks_for_one() {
    Attune run = Attune.run("score", "--model", MODEL, "--text", "It is in the park.");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.errors())
        .contains("--prompt is missing")
        .contains("encoder that reads a prompt");
  }
}
