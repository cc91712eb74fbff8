package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.attune.data.hub.HubException.Reason;
import org.attune.testkit.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class HubTest {
  private static final String ID = "org/tiny";
  private static final HubReference MODEL = HubReference.model(ID);
  private static final byte[] WEIGHTS = bytes(300_000);
  private static final byte[] CONFIG = "{\"model_type\": \"llama\"}".getBytes(UTF_8);

  private final FakeHub server =
      FakeHub.start()
          .file(ID, "config.json", CONFIG)
          .file(ID, "modeling_tiny.py", "import os".getBytes(UTF_8))
          .largeFile(ID, "model.safetensors", WEIGHTS);

  @TempDir private Path home;

  @AfterEach
  void stop() {
    server.close();
  }

  @Nested
  final class Downloading {
    @Test
    void puts_files_into_the_layout_of_hugging_face() throws IOException {
      Path folder = snapshot();

      Path repository = home.resolve("hub/models--org--tiny");
      assertThat(folder).isEqualTo(repository.resolve("snapshots/" + FakeHub.COMMIT));
      assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
      assertThat(Files.readSymbolicLink(folder.resolve("model.safetensors")))
          .hasToString("../../blobs/" + FakeHub.sha256(WEIGHTS));
      assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
      assertThat(folder.resolve("config.json")).hasBinaryContent(CONFIG);
    }

    @Test
    void fetches_no_scripts() {
      assertThat(snapshot().resolve("modeling_tiny.py")).doesNotExist();
      assertThat(server.count("GET", "modeling_tiny.py")).isZero();
    }

    @Test
    void asks_for_content_only_once() {
      snapshot();
      snapshot();

      assertThat(server.count("GET", FakeHub.sha256(WEIGHTS))).isEqualTo(1);
    }

    @Test
    void of_a_file_in_a_folder_keeps_the_folder() {
      server.file(ID, "a/b c/d+e.txt", CONFIG);

      Path file = hub().file(MODEL.file("a/b c/d+e.txt"));

      assertThat(file).hasBinaryContent(CONFIG).endsWithRaw(Path.of("a", "b c", "d+e.txt"));
    }

    @Test
    void of_an_empty_file_works() {
      server.file(ID, "empty.txt", new byte[0]);

      assertThat(hub().file(MODEL.file("empty.txt"))).isEmptyFile();
    }

    @Test
    void of_a_dataset_has_its_own_place() {
      server.file("org/rows", "train.jsonl", "{}".getBytes(UTF_8));

      Path file = hub().file(HubReference.dataset("org/rows").file("train.jsonl"));

      assertThat(file.toString()).contains("datasets--org--rows");
      assertThat(server.count("GET", "/datasets/org/rows/resolve/")).isEqualTo(1);
    }

    @Test
    void by_many_threads_at_once_fetches_each_blob_once() {
      server.slow(2);

      IntStream.range(0, 4).parallel().forEach(i -> snapshot());

      assertThat(server.count("GET", FakeHub.sha256(WEIGHTS))).isEqualTo(1);
    }
  }

  @Nested
  final class Bad_connections {
    @Test
    void that_are_cut_go_on_where_they_ended() {
      server.cut(3, 70_000);

      assertThat(snapshot().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
      assertThat(server.count("GET", FakeHub.sha256(WEIGHTS))).isEqualTo(4);
    }

    @Test
    void that_never_get_further_end_with_words_and_keep_what_came() {
      server.cut(1, 70_000);
      server.fault(
          exchange -> {
            if (incomplete().toFile().length() == 0) {
              return false;
            }
            FakeHub.answer(exchange, 503, "");
            return true;
          });

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("answered 503")
          .hasMessageContaining("HF_HUB_OFFLINE=1");
      // a connection that is cut may take bytes with it that were sent and not yet read
      assertThat(incomplete().toFile().length()).isBetween(1L, 70_000L);
    }

    @Test
    void that_bring_nothing_are_given_up() {
      server.cut(100, 0);

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("after 4 attempts")
          .hasMessageNotContaining("signed");
    }

    @Test
    void that_are_silent_are_given_up_and_opened_again() {
      AtomicInteger stalled = new AtomicInteger();
      server.fault(
          exchange -> {
            boolean content =
                exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().endsWith("config.json");
            if (content && stalled.getAndIncrement() == 0) {
              exchange.sendResponseHeaders(200, CONFIG.length);
              exchange.getResponseBody().write(CONFIG, 0, 5);
              exchange.getResponseBody().flush();
              return true; // and never another byte
            }
            return false;
          });

      Path file = hub().file(MODEL.file("config.json"));

      assertThat(file).hasBinaryContent(CONFIG);
    }

    @Test
    void to_nobody_say_where_nobody_is() {
      server.close();

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining(server.endpoint())
          .extracting("reason")
          .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void of_a_server_in_trouble_are_tried_again() {
      AtomicInteger failures = new AtomicInteger();
      server.fault(
          exchange -> {
            if (failures.getAndIncrement() < 2) {
              FakeHub.answer(exchange, 503, "");
              return true;
            }
            return false;
          });

      assertThat(snapshot()).isDirectory();
    }
  }

  @Nested
  final class Verifying {
    @Test
    void refuses_a_large_file_of_another_hash() {
      server.corrupt(true);

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("does not have the hash")
          .extracting("reason")
          .isEqualTo(Reason.DAMAGED);
      assertThat(blob()).doesNotExist();
      assertThat(incomplete()).doesNotExist();
    }

    @Test
    void refuses_a_small_file_of_another_hash() {
      server.corrupt(true);

      assertThatThrownBy(() -> hub().file(MODEL.file("config.json")))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("hf:org/tiny")
          .hasMessageContaining("do not trust the source");
    }

    @Test
    void starts_over_when_what_an_earlier_process_left_was_wrong() throws IOException {
      Files.createDirectories(incomplete().getParent());
      Files.write(incomplete(), new byte[1000]);

      assertThat(snapshot().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void does_not_store_more_than_was_announced() throws IOException {
      server.fault(
          exchange -> {
            if (exchange.getRequestMethod().equals("GET")) {
              FakeHub.answer(exchange, 200, "x".repeat(1 << 20));
              return true;
            }
            return false;
          });

      assertThatThrownBy(() -> hub().file(MODEL.file("config.json")))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("more than the 23 bytes");
    }
  }

  @Nested
  final class Tokens {
    @Test
    void are_sent_to_the_hub_and_not_where_it_redirects_to() {
      hub(Map.of("HF_TOKEN", "hf_secret")).snapshot(MODEL, this::wanted);

      assertThat(server.questions())
          .filteredOn(question -> question.path().contains("signed=1"))
          .isNotEmpty()
          .allMatch(question -> question.token().isEmpty());
      assertThat(server.questions())
          .filteredOn(question -> question.path().contains("/resolve/"))
          .isNotEmpty()
          .allMatch(question -> question.token().filter("Bearer hf_secret"::equals).isPresent());
    }

    private List<HubFile> wanted(List<HubFile> files) {
      return WantedFiles.ofModel(files, MODEL);
    }

    @Test
    void come_from_a_file_that_only_its_owner_reads() throws IOException {
      token("rw-------");

      snapshot();

      assertThat(server.questions().get(0).token()).contains("Bearer hf_file");
    }

    @Test
    void of_a_file_that_others_read_are_refused() throws IOException {
      token("rw-r--r--");

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining(home.resolve("token").toString())
          .hasMessageContaining("chmod 600")
          .hasMessageNotContaining("hf_file");
      assertThat(server.questions()).isEmpty();
    }

    @Test
    void are_not_sent_without_encryption_to_another_machine() {
      Hub hub =
          Hub.of(
              HubSettings.of(Map.of("HF_ENDPOINT", "http://hub.example", "HF_TOKEN", "hf_secret")));

      assertThatThrownBy(() -> hub.info(MODEL))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("https only");
    }

    @Test
    void are_in_no_text_of_the_settings() {
      assertThat(HubSettings.of(Map.of("HF_TOKEN", "hf_secret")).toString())
          .doesNotContain("hf_secret");
    }

    private void token(String permissions) throws IOException {
      Path file = home.resolve("token");
      Files.writeString(file, "hf_file\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  @Nested
  final class Refusals {
    @Test
    void of_a_gated_repository_say_how_to_get_in() {
      answering(
          403,
          "{\"error\": \"Access to model org/tiny is restricted\"}",
          "X-Error-Code",
          "GatedRepo");

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("hf:org/tiny is gated")
          .hasMessageContaining("accept its terms")
          .hasMessageContaining("HF_TOKEN")
          .extracting("reason")
          .isEqualTo(Reason.GATED);
    }

    @Test
    void without_a_token_say_that_it_may_be_private() {
      answering(401, "{\"error\": \"Invalid username or password.\"}");

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("401: Invalid username or password.")
          .hasMessageContaining("set HF_TOKEN");
    }

    @Test
    void of_an_unknown_repository_name_it() {
      assertThatThrownBy(() -> hub().info(HubReference.model("org/other")))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("There is no hf:org/other")
          .extracting("reason")
          .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void of_an_unknown_file_name_it() {
      assertThatThrownBy(() -> hub().file(MODEL.file("nothing.json")))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("hf:org/tiny/nothing.json")
          .hasMessageContaining("no such file at that revision");
    }

    @Test
    void that_ask_for_a_short_pause_are_obeyed() {
      AtomicInteger refusals = new AtomicInteger();
      server.fault(
          exchange -> {
            if (refusals.getAndIncrement() == 0) {
              FakeHub.answer(exchange, 429, "", "Retry-After", "1");
              return true;
            }
            return false;
          });
      long start = System.nanoTime();

      snapshot();

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void that_ask_for_a_long_pause_are_told() {
      answering(429, "", "Retry-After", "3600");

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("wait 3,600 seconds")
          .extracting("reason")
          .isEqualTo(Reason.TOO_MANY_REQUESTS);
      assertThat(server.questions()).hasSize(1);
    }

    private void answering(int status, String body, String... headers) {
      server.fault(
          exchange -> {
            FakeHub.answer(exchange, status, body, headers);
            return true;
          });
    }
  }

  @Nested
  final class Malice {
    @ParameterizedTest
    @ValueSource(strings = {"../evil.json", "/etc/evil", "a/../../evil", "a\\..\\evil", "C:/evil"})
    void of_a_file_name_that_leaves_its_folder_is_refused(String path) {
      server.file(ID, path, CONFIG);

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining(path)
          .hasMessageContaining("cannot leave its folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../evil", "", "main"})
    void of_a_commit_that_is_none_is_refused(String commit) {
      server.commit(commit);

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("without the commit");
    }

    @Test
    void of_a_hash_that_is_a_path_is_refused() {
      server.fault(
          exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
              FakeHub.answer(
                  exchange, 200, "", "ETag", "\"../../evil\"", "X-Repo-Commit", FakeHub.COMMIT);
              return true;
            }
            return false;
          });

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("../../evil")
          .hasMessageContaining("no hash");
    }

    @Test
    void of_endless_redirects_ends() {
      server.fault(
          exchange -> {
            FakeHub.answer(exchange, 307, "", "Location", exchange.getRequestURI().toString());
            return true;
          });

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("redirected more than");
    }

    @Test
    void of_an_answer_that_is_no_json_is_told() {
      server.fault(
          exchange -> {
            FakeHub.answer(exchange, 200, "<html>Sign in to this network</html>");
            return true;
          });

      assertThatThrownBy(HubTest.this::snapshot)
          .isInstanceOf(HubException.class)
          .hasMessageContaining("is no JSON");
    }
  }

  @Nested
  final class Offline {
    @Test
    void what_was_downloaded_is_there() {
      Path online = snapshot();
      server.close();

      assertThat(offline().snapshot(MODEL, files -> files)).isEqualTo(online);
      assertThat(offline().file(MODEL.file("config.json"))).hasBinaryContent(CONFIG);
      assertThat(offline().file(MODEL.at(FakeHub.COMMIT).file("config.json"))).exists();
    }

    @Test
    void what_was_not_is_told_with_the_command_that_fetches_it() {
      assertThatThrownBy(() -> offline().snapshot(MODEL, files -> files))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("HF_HUB_OFFLINE")
          .hasMessageContaining("attune hub download hf:org/tiny")
          .extracting("reason")
          .isEqualTo(Reason.OFFLINE);
      assertThat(server.questions()).isEmpty();
    }

    private Hub offline() {
      return Hub.of(settings().withOffline(true));
    }
  }

  private Path snapshot() {
    return hub().snapshot(MODEL, files -> WantedFiles.ofModel(files, MODEL));
  }

  private Hub hub() {
    return Hub.of(settings());
  }

  private Hub hub(Map<String, String> environment) {
    return Hub.of(settings(environment));
  }

  private HubSettings settings() {
    return settings(Map.of());
  }

  private HubSettings settings(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HF_HOME", home.toString());
    all.put("HF_ENDPOINT", server.endpoint());
    return HubSettings.of(all)
        .withPatience(3, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofSeconds(2));
  }

  private Path blob() {
    return home.resolve("hub/models--org--tiny/blobs/" + FakeHub.sha256(WEIGHTS));
  }

  private Path incomplete() {
    return blob().resolveSibling(FakeHub.sha256(WEIGHTS) + ".incomplete");
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }
}
