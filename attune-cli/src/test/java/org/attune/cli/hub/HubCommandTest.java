package org.attune.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.attune.cli.Attune;
import org.attune.cli.AttuneCommand;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.Manifest;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.attune.testkit.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class HubCommandTest {
  private static final String ID = "org/stories";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final List<String> PROPERTIES =
      List.of("attune.hub.endpoint", "attune.hub.home", "attune.hub.offline");

  private final FakeHub server = FakeHub.start();
  @TempDir private Path home;

  @BeforeEach
  void fillTheHub() throws IOException {
    System.setProperty("attune.hub.endpoint", server.endpoint());
    System.setProperty("attune.hub.home", home.toString());
    try (Stream<Path> files = Files.list(Bundled.stories260k())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        byte[] content = Files.readAllBytes(file);
        if (name.endsWith(".safetensors")) {
          server.largeFile(ID, name, content);
        } else {
          server.file(ID, name, content);
        }
      }
    }
    server.file("org/rows", "train.jsonl", "{\"text\": \"Once upon a time\"}\n".getBytes(UTF_8));
  }

  @AfterEach
  void forget() {
    PROPERTIES.forEach(System::clearProperty);
    server.close();
  }

  @Nested
  final class Download {
    @Test
    void prints_the_folder_and_says_what_it_fetches() {
      Attune run = Attune.run("hub", "download", ID);

      assertThat(run.errors()).contains("Downloading hf:org/stories");
      assertThat(Path.of(run.output().strip()).resolve("model.safetensors"))
          .hasSameBinaryContentAs(Bundled.stories260k().resolve("model.safetensors"));
      assertThat(run.exitCode()).isZero();
    }

    @Test
    void of_one_file_prints_it() {
      Attune run = Attune.run("hub", "download", ID, "--file", "config.json", "--revision", "main");

      assertThat(Path.of(run.output().strip()))
          .hasSameBinaryContentAs(Bundled.stories260k().resolve("config.json"));
    }

    @Test
    void of_nothing_ends_with_the_code_of_the_hub() {
      Attune run = Attune.run("hub", "download", "org/nothing");

      assertThat(run.exitCode()).isEqualTo(7);
      assertThat(run.errors()).contains("There is no hf:org/nothing at the hub");
    }

    @Test
    void offline_of_what_is_not_cached_asks_nobody() {
      Attune run = Attune.run("hub", "download", ID, "--offline");

      assertThat(run.exitCode()).isEqualTo(7);
      assertThat(run.errors()).contains("attune hub download hf:org/stories");
      assertThat(server.questions()).isEmpty();
    }
  }

  @Nested
  final class Ids_in_place_of_paths {
    @Test
    void generate_as_the_folder_does() {
      String[] prompt = {"--prompt", "Once upon a time", "--temperature", "0", "--json"};
      Attune local = Attune.run(words("generate", Bundled.stories260k().toString(), prompt));

      Attune remote = Attune.run(words("generate", ID, prompt));
      System.setProperty("attune.hub.offline", "1");
      Attune offline = Attune.run(words("generate", "hf:" + ID, prompt));

      assertThat(remote.errors()).isEmpty();
      assertThat(remote.output()).isEqualTo(local.output());
      assertThat(offline.output()).isEqualTo(local.output());
    }

    @Test
    void are_datasets_to_inspect() {
      Attune run = Attune.run("data", "inspect", "hf://datasets/org/rows");

      assertThat(run.output()).contains("1 rows", "Once upon a time");
    }

    @Test
    void train_from_the_hub_alone() throws IOException {
      Path config = home.resolve("sft.yaml");
      Files.writeString(
          config,
          """
          run-dir: %s
          model: %s
          data: {train: ["hf://datasets/org/rows/train.jsonl"]}
          training: {max-steps: 1}
          """
              .formatted(home.resolve("run"), ID));

      Attune run = Attune.run("train", "sft", config);

      assertThat(run.errors()).contains("Finished after 1 steps");
      assertThat(home.resolve("run/manifest.json"))
          .content()
          .contains("hf:/datasets/org/rows/train.jsonl", "model.safetensors");
    }

    private Object[] words(String command, String model, String... more) {
      return Stream.concat(Stream.of(command, "--model", model), Stream.of(more)).toArray();
    }
  }

  @Nested
  final class Processes {
    @Test
    void that_were_killed_leave_a_part_that_the_next_one_continues() {
      server.slow(20);
      try (ChildJvm child = ChildJvm.start(AttuneCommand.class, "hub", "download", ID)) {
        await(() -> incompleteBytes() > 100_000);
        child.kill();
      }
      long kept = incompleteBytes();
      server.slow(0);

      Attune run = Attune.run("hub", "download", ID);

      assertThat(Path.of(run.output().strip()).resolve("model.safetensors"))
          .hasSameBinaryContentAs(Bundled.stories260k().resolve("model.safetensors"));
      assertThat(server.questions())
          .anyMatch(
              question -> question.range().filter(("bytes=" + kept + "-")::equals).isPresent());
    }

    @Test
    void at_once_fetch_a_file_once() {
      server.slow(5);
      try (ChildJvm one = ChildJvm.start(AttuneCommand.class, "hub", "download", ID);
          ChildJvm other = ChildJvm.start(AttuneCommand.class, "hub", "download", ID)) {
        assertThat(one.awaitExit(LIMIT)).isZero();
        assertThat(other.awaitExit(LIMIT)).isZero();
      }

      assertThat(server.count("GET", "signed=1")).isEqualTo(1);
    }

    private long incompleteBytes() {
      Path blobs = home.resolve("hub/models--org--stories/blobs");
      if (!Files.isDirectory(blobs)) {
        return 0;
      }
      try (Stream<Path> files = Files.list(blobs)) {
        return files
            .filter(file -> file.toString().endsWith(".incomplete"))
            .mapToLong(file -> file.toFile().length())
            .max()
            .orElse(0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void await(BooleanSupplier condition) {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).isLessThan(end);
        try {
          Thread.sleep(5);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  @Nested
  final class Push {
    @Test
    void of_a_run_uploads_its_checkpoint_with_a_card() throws IOException {
      token();
      Path path = home.resolve("run");
      RunFolder run =
          RunFolder.create(SftConfig.builder().runDir(path).model("bundled/stories260k").build());
      try (EventLog log = run.log(Clock.systemUTC())) {
        log.append(new Event.Metrics(10, Map.of("loss", 2.5)));
      }
      run.writeManifest(
          new Manifest(
              "0.1.0",
              Map.of("model.safetensors", "0".repeat(64)),
              Map.of("rows.jsonl", "1".repeat(64)),
              null,
              Map.of("training", 42L),
              List.of()));
      run.checkpoints().write(10, target -> Files.writeString(target.resolve("config.json"), "{}"));

      Attune pushed = Attune.run("hub", "push", path, "org/new", "--private");

      assertThat(pushed.errors()).isEmpty();
      assertThat(pushed.output()).isEqualToIgnoringNewLines("url");
      assertThat(server.content("org/new", "config.json")).hasValue("{}".getBytes(UTF_8));
      assertThat(new String(server.content("org/new", "README.md").orElseThrow(), UTF_8))
          .contains("# org/new", "step 10", "| loss | 2.500 | 10 |", "rows.jsonl", "1".repeat(64))
          .contains("| start model | model.safetensors |", "model: bundled/stories260k");
      assertThat(server.questions().get(0).body()).contains("\"private\":true");
    }

    @Test
    void of_rows_tells_columns_and_numbers() throws IOException {
      token();
      Path rows = Files.createDirectories(home.resolve("rows"));
      Files.writeString(rows.resolve("train.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");

      Attune pushed = Attune.run("hub", "push", rows, "hf://datasets/org/own");

      assertThat(pushed.exitCode()).isZero();
      assertThat(new String(server.content("org/own", "README.md").orElseThrow(), UTF_8))
          .contains("| train.jsonl | 2 | text VARCHAR |");
    }

    @Test
    void without_a_token_says_how_to_get_one() {
      Attune pushed = Attune.run("hub", "push", Bundled.stories260k(), "org/new");

      assertThat(pushed.exitCode()).isEqualTo(7);
      assertThat(pushed.errors()).contains("set HF_TOKEN");
    }

    @Test
    void of_a_file_is_refused() {
      Attune pushed =
          Attune.run("hub", "push", Bundled.stories260k().resolve("config.json"), "org/new");

      assertThat(pushed.exitCode()).isEqualTo(2);
      assertThat(pushed.errors()).contains("is no folder");
    }

    private void token() throws IOException {
      Path file = home.resolve("token");
      Files.writeString(file, "hf_file");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
