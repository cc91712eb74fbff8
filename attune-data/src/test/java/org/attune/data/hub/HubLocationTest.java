package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.testkit.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class HubLocationTest {
  private final FakeHub server =
      FakeHub.start()
          .file("org/tiny", "config.json", "{}".getBytes(UTF_8))
          .file("org/tiny", "model.safetensors", "weights".getBytes(UTF_8))
          .file("org/rows", "train.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\"}".getBytes(UTF_8))
          .file("org/rows", "test.jsonl", "{\"text\": \"c\"}".getBytes(UTF_8));

  @TempDir private Path home;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void of_an_id_is_in_the_cache() {
    assertThat(location().model("org/tiny").resolve("model.safetensors")).hasContent("weights");
  }

  @Test
  void of_a_file_of_a_repository_is_that_file() {
    assertThat(location().model("hf:org/tiny/model.safetensors")).hasContent("weights");
  }

  @Test
  void of_rows_are_those_files_that_the_purpose_wants() {
    assertThat(Dataset.read(location().trainingRows("org/rows").toArray(new Path[0])).size())
        .isEqualTo(2);
    assertThat(Dataset.read(location().evaluationRows("org/rows").toArray(new Path[0])).size())
        .isEqualTo(1);
  }

  @Test
  void of_rows_survives_a_path_that_swallowed_a_slash() {
    Path configured = Path.of("hf://datasets/org/rows/test.jsonl");

    assertThat(location().trainingRows(configured.toString())).hasSize(1);
  }

  @Test
  void of_rows_works_offline() {
    location().trainingRows("org/rows");
    server.close();
    Hub offline = Hub.of(settings().withOffline(true));

    assertThat(HubLocation.of(offline).trainingRows("org/rows")).hasSize(1);
  }

  @Test
  void of_a_name_stays_where_it_is_when_its_branch_moves() {
    HubLocation location = location();
    Path model = location.model("org/tiny");
    List<Path> rows = location.trainingRows("org/rows");
    server
        .commit("89abcdef0123456789abcdef0123456789abcdef")
        .file("org/tiny", "model.safetensors", "other weights".getBytes(UTF_8));

    assertThat(location.model("org/tiny")).isEqualTo(model);
    assertThat(location.trainingRows("org/rows")).isEqualTo(rows);
    assertThat(location().model("org/tiny").resolve("model.safetensors"))
        .hasContent("other weights");
  }

  @Test
  void of_what_is_here_asks_nobody() throws IOException {
    Files.createDirectories(home.resolve("org/tiny"));
    String path = home.resolve("org/tiny").toString();

    assertThat(location().model(path)).isEqualTo(home.resolve("org/tiny"));
    assertThat(location().model("some-folder")).isEqualTo(Path.of("some-folder"));
    assertThat(location().model("src/no-such-model")).isEqualTo(Path.of("src/no-such-model"));
    assertThat(location().trainingRows("rows/train.jsonl"))
        .containsExactly(Path.of("rows/train.jsonl"));
    assertThat(server.questions()).isEmpty();
  }

  @Test
  void of_neither_says_why_the_hub_was_asked() {
    assertThatThrownBy(() -> location().model("nowhere/model"))
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith("nowhere/model is no path here, so it is taken for a repository.")
        .hasMessageContaining("no hf:nowhere/model at the hub");
  }

  @Test
  void hints_at_the_hub_where_a_path_could_be_an_id() {
    assertThat(HubLocation.hint(Path.of("runs/sft"))).contains("write hf:runs/sft");
    assertThat(HubLocation.hint(Path.of("/runs/sft"))).isEmpty();
  }

  private HubLocation location() {
    return HubLocation.of(Hub.of(settings()));
  }

  private HubSettings settings() {
    return HubSettings.of(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.endpoint()));
  }
}
