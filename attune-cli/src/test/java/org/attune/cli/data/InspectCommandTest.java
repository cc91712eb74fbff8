package org.attune.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir private Path folder;

  @Test
  void shows_columns_rows_and_what_they_train() throws Exception {
    Path file = folder.resolve("pairs.jsonl");
    Files.writeString(file, "{\"chosen\": \"gut 漢\", \"rejected\": \"schlecht\"}\n");

    Attune run = Attune.run("data", "inspect", file);

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains(file + ": 1 rows", "chosen  VARCHAR", "preference rows, for attune train reward")
        .contains("chosen: gut 漢");
  }

  @Test
  void json_has_the_same() throws Exception {
    Path file = folder.resolve("texts.csv");
    Files.writeString(file, "text,stars\nOnce,3\nTwice,4\n");

    JsonNode result =
        new ObjectMapper().readTree(Attune.run("data", "inspect", file, "--json").output());

    assertThat(result.get("rows").asInt()).isEqualTo(2);
    assertThat(result.get("columns").get("stars").asText()).isEqualTo("BIGINT");
    assertThat(result.get("kind").asText()).isEqualTo("language-modeling");
    assertThat(result.get("trains").get(0).asText()).isEqualTo("sft");
    assertThat(result.get("first")).hasSize(2);
  }

  @Test
  void rows_that_train_nothing_are_shown_all_the_same() throws Exception {
    Path file = folder.resolve("other.csv");
    Files.writeString(file, "story\nOnce\n");

    assertThat(Attune.run("data", "inspect", file).output()).contains("trains nothing as it is");
  }

  @Test
  void a_missing_file_is_an_error_of_the_data() {
    Attune run = Attune.run("data", "inspect", folder.resolve("none.csv"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.errors()).contains("none.csv");
  }
}
