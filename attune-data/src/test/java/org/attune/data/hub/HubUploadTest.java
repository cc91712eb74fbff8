package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.testkit.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class HubUploadTest {
  private static final HubReference TARGET = HubReference.model("org/new");

  private final FakeHub server = FakeHub.start();
  private final List<String> told = new ArrayList<>();
  @TempDir private Path home;
  private Path folder = Path.of("");

  @BeforeEach
  void makeAFolder() throws IOException {
    folder = home.resolve("model");
    Files.createDirectories(folder.resolve("trainer"));
    Files.createDirectories(folder.resolve(".git"));
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.write(folder.resolve("model.safetensors"), new byte[50_000]);
    Files.writeString(folder.resolve("trainer/state.json"), "{}");
    Files.writeString(folder.resolve(".git/config"), "secret");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void puts_small_files_into_the_commit_and_large_ones_into_the_storage() {
    String commit = push(TARGET, Map.of("README.md", "# new"));

    assertThat(commit).isEqualTo("url");
    assertThat(server.content("org/new", "config.json")).hasValue("{}".getBytes(UTF_8));
    assertThat(server.content("org/new", "README.md")).hasValue("# new".getBytes(UTF_8));
    assertThat(server.content("org/new", "model.safetensors")).hasValue(new byte[50_000]);
    assertThat(told).containsExactly("Uploading model.safetensors (50,000 bytes)");
  }

  @Test
  void leaves_out_hidden_files_and_the_state_of_the_trainer() {
    push(TARGET, Map.of());

    assertThat(server.content("org/new", ".git/config")).isEmpty();
    assertThat(server.content("org/new", "trainer/state.json")).isEmpty();
    assertThat(server.questions()).noneMatch(question -> question.body().contains("secret"));
  }

  @Test
  void sends_no_token_to_the_storage() {
    push(TARGET, Map.of());

    assertThat(server.questions())
        .filteredOn(question -> question.method().equals("PUT"))
        .hasSize(1)
        .allMatch(question -> question.token().isEmpty());
    assertThat(server.questions())
        .filteredOn(question -> question.path().startsWith("/api/"))
        .allMatch(question -> question.token().isPresent());
  }

  @Test
  void does_not_send_again_what_the_storage_has() {
    push(TARGET, Map.of());
    push(TARGET, Map.of());

    assertThat(server.count("PUT", "")).isEqualTo(1);
  }

  @Test
  void of_a_dataset_goes_to_the_datasets() {
    push(HubReference.dataset("org/rows"), Map.of());

    assertThat(server.count("POST", "/api/datasets/org/rows/commit/main")).isEqualTo(1);
    assertThat(server.count("POST", "/datasets/org/rows.git/info/lfs/objects/batch")).isEqualTo(1);
    assertThat(server.questions().get(0).body()).contains("\"type\":\"dataset\"");
  }

  @Test
  void comes_back_by_a_download() {
    push(TARGET, Map.of());

    Path again = hub("hf_secret").snapshot(TARGET, files -> WantedFiles.ofModel(files, TARGET));

    assertThat(again.resolve("model.safetensors")).hasBinaryContent(new byte[50_000]);
  }

  @Test
  void needs_a_token_before_anything_is_sent() {
    assertThatThrownBy(() -> HubUpload.to(TARGET, hub(""), told::add))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_TOKEN");
    assertThat(server.questions()).isEmpty();
  }

  @Test
  void needs_an_owner() {
    assertThatThrownBy(() -> HubUpload.to(HubReference.model("new"), hub("hf_x"), told::add))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("NAME/new");
  }

  @Test
  void that_is_refused_says_what_the_token_lacks() {
    server.fault(
        exchange -> {
          FakeHub.answer(exchange, 403, "{\"error\": \"You don't have the rights\"}");
          return true;
        });

    assertThatThrownBy(() -> push(TARGET, Map.of()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("You don't have the rights")
        .hasMessageContaining("make one with the right permission");
  }

  @Test
  void of_an_empty_folder_is_refused() throws IOException {
    Path empty = Files.createDirectories(home.resolve("empty"));

    assertThatThrownBy(
            () -> HubUpload.to(TARGET, hub("hf_x"), told::add).folder(empty, Map.of(), false, "m"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(empty.toString());
  }

  private String push(HubReference target, Map<String, String> texts) {
    return HubUpload.to(target, hub("hf_secret"), told::add).folder(folder, texts, true, "Add it");
  }

  private Hub hub(String token) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_HOME", home.toString());
    environment.put("HF_ENDPOINT", server.endpoint());
    environment.put("HF_TOKEN", token);
    return Hub.of(
        HubSettings.of(environment)
            .withPatience(1, Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ofSeconds(5)));
  }
}
