package org.attune.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.attune.cli.Attune;
import org.attune.cli.AttuneCommand;
import org.attune.run.folder.Hashes;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class SftCommandTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Path data;
  private Path config;
  private Path run;

  @BeforeEach
  void write_a_small_run() throws Exception {
    data = folder.resolve("train.jsonl");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      rows.add(
          "{\"text\": \"Once upon a time there were %d cats. They played all day.\"}".formatted(i));
    }
    Files.write(data, rows);
    run = folder.resolve("run");
    config = folder.resolve("sft.yaml");
    Files.writeString(
        config,
        """
        run-dir: %s
        model: %s
        data: {train: [%s]}
        training: {max-steps: 4, batch-size: 4, save-steps: 2, logging-steps: 1}
        """
            .formatted(run, Bundled.stories260k(), data));
  }

  @Test
  void a_run_prints_what_it_derived_and_the_path_of_its_model() {
    Attune training = Attune.run("train", "sft", config);

    assertThat(training.exitCode()).isZero();
    assertThat(training.output().strip()).isEqualTo(run.resolve("checkpoints/step-4").toString());
    assertThat(training.errors())
        .contains("Run folder: " + run)
        .containsPattern("\\d+ replicas \\(.*\\), linear layers in \\w+ \\(.*\\)")
        .contains("24 sequences to learn", "4 steps (training.max-steps) of 4 sequences")
        .contains("SFT 100 %  4/4", "Finished after 4 steps", "loss");
  }

  @Test
  void a_run_leaves_its_manifest_and_report() throws Exception {
    Attune.run("train", "sft", config);

    assertThat(run.resolve("manifest.json"))
        .content()
        .contains("model.safetensors", Hashes.sha256(data), "\"training\" : 42");
    assertThat(run.resolve("report.html")).content().contains("loss", "This run is finished");
  }

  @Test
  void the_model_of_a_run_is_its_latest_checkpoint() {
    Attune.run("train", "sft", config);

    Attune writing =
        Attune.run("generate", "--model", run, "--prompt", "Once", "--max-new-tokens", "3");

    assertThat(writing.exitCode()).isZero();
    assertThat(writing.output()).isNotBlank();
  }

  @Nested
  class A_run_that_exists {
    @Test
    void is_not_overwritten() throws Exception {
      Attune.run("train", "sft", config);
      String before = weights();

      Attune again = Attune.run("train", "sft", config);

      assertThat(again.exitCode()).isEqualTo(2);
      assertThat(again.errors()).contains(run.toString(), "has a run already", "--resume");
      assertThat(weights()).isEqualTo(before);
    }

    @Test
    void is_left_as_it_is_when_a_finished_one_is_resumed() throws Exception {
      Attune.run("train", "sft", config);
      String before = weights();

      assertThat(Attune.run("train", "sft", config, "--resume").exitCode()).isZero();
      assertThat(weights()).isEqualTo(before);
    }

    @Test
    void is_not_resumed_with_other_settings() {
      Attune.run("train", "sft", config);

      Attune resumed =
          Attune.run(
              "train",
              "sft",
              config,
              "--resume",
              "--set",
              "training.seed=7",
              "--set",
              "optimizer.learning-rate=0.5");

      assertThat(resumed.exitCode()).isEqualTo(2);
      assertThat(resumed.errors())
          .contains("training.seed must stay 42", "but was 7")
          .contains("optimizer.learning-rate must stay", "but was 0.5");
    }
  }

  @Nested
  class An_interrupted_run {
    @Test
    void ends_as_if_it_had_not_been_interrupted_by_a_signal() throws Exception {
      assertThat(endedAfter(ChildJvm::interrupt)).isEqualTo(130);
      assertThat(run.resolve("events.jsonl")).content().contains("STOPPED");
      assertThat(leftovers()).isEmpty();

      assertThat(Attune.run(longer("--resume")).exitCode()).isZero();
      assertThat(weights()).isEqualTo(uninterruptedWeights());
    }

    @Test
    void ends_as_if_it_had_not_been_interrupted_by_a_kill() throws Exception {
      endedAfter(ChildJvm::kill);

      assertThat(Attune.run(longer("--resume")).exitCode()).isZero();
      assertThat(leftovers()).isEmpty();
      assertThat(weights()).isEqualTo(uninterruptedWeights());
    }

    private int endedAfter(Consumer<ChildJvm> interruption) throws Exception {
      try (ChildJvm child = ChildJvm.start(AttuneCommand.class, words(longer()))) {
        awaitCheckpoint();
        interruption.accept(child);
        int exitCode = child.awaitExit(LONG);
        if (exitCode == 130) {
          assertThat(child.errors()).anyMatch(line -> line.contains("--resume"));
        }
        return exitCode;
      }
    }
  }

  @Nested
  class Bad_input {
    @Test
    void all_problems_of_a_configuration_are_listed_at_once() throws Exception {
      Files.writeString(
          config,
          """
          run-dir: %s
          model: %s
          data: {train: [%s]}
          training: {batch-sise: 4, epochs: -1}
          """
              .formatted(run, Bundled.stories260k(), data));

      Attune training = Attune.run("train", "sft", config);

      assertThat(training.exitCode()).isEqualTo(2);
      assertThat(training.errors())
          .contains("2 problems", "training.batch-sise", "batch-size")
          .contains("training.epochs must be > 0 but was -1", config + ":4")
          .doesNotContain("\tat ");
      assertThat(run).doesNotExist();
    }

    @Test
    void a_missing_configuration_is_an_error() {
      Attune training = Attune.run("train", "sft", folder.resolve("none.yaml"));

      assertThat(training.exitCode()).isEqualTo(2);
      assertThat(training.errors()).contains("none.yaml", "does not exist", "Check the path");
    }

    @Test
    void missing_data_leaves_no_run() throws Exception {
      Files.delete(data);

      assertNoRun(3, data.toString());
    }

    @Test
    void empty_data_leaves_no_run() throws Exception {
      Files.writeString(data, "");

      assertNoRun(3, data.toString());
    }

    @Test
    void a_truncated_row_is_named_by_file_and_line() throws Exception {
      Files.writeString(data, "{\"text\": \"whole\"}\n{\"text\": \"cut o");

      assertNoRun(3, data + " line 2");
    }

    @Test
    void rows_of_another_kind_are_named_by_their_columns() throws Exception {
      Files.writeString(data, "{\"story\": \"Once\"}\n");

      assertNoRun(3, "story", "text");
    }

    @Test
    void a_model_without_weights_leaves_no_run() throws Exception {
      Path model = Files.createDirectory(folder.resolve("model"));
      Files.copy(Bundled.stories260k().resolve("config.json"), model.resolve("config.json"));
      Files.copy(Bundled.stories260k().resolve("tokenizer.json"), model.resolve("tokenizer.json"));

      String settings = Files.readString(config);
      Files.writeString(
          config, settings.replace(Bundled.stories260k().toString(), model.toString()));

      assertNoRun(4, model.toString(), "model.safetensors");
    }

    @Test
    void a_mistake_can_be_corrected_and_the_run_started_again() throws Exception {
      Files.move(data, folder.resolve("elsewhere.jsonl"));
      assertThat(Attune.run("train", "sft", config).exitCode()).isEqualTo(3);

      Attune corrected =
          Attune.run(
              "train",
              "sft",
              config,
              "--set",
              "data.train=[" + folder.resolve("elsewhere.jsonl") + "]");

      assertThat(corrected.exitCode()).isZero();
    }

    @Test
    void a_file_in_the_place_of_the_run_folder_is_an_error() throws Exception {
      Files.writeString(run, "mine");

      Attune training = Attune.run("train", "sft", config);

      assertThat(training.exitCode()).isEqualTo(6);
      assertThat(training.errors()).contains(run.toString(), "is a file", "another run-dir");
      assertThat(run).hasContent("mine");
    }

    @Test
    void a_learning_rate_that_diverges_is_told_with_the_way_out() {
      Attune training =
          Attune.run(
              "train",
              "sft",
              config,
              "--set",
              "optimizer.learning-rate=1e30",
              "--set",
              "training.max-grad-norm=0",
              "--set",
              "training.max-steps=30");

      assertThat(training.exitCode()).isEqualTo(5);
      assertThat(training.errors()).contains("Lower optimizer.learning-rate");
    }

    private void assertNoRun(int exitCode, String... words) {
      Attune training = Attune.run("train", "sft", config);

      assertThat(training.exitCode()).as(training.errors()).isEqualTo(exitCode);
      assertThat(training.errors()).contains(words).doesNotContain("\tat ");
      assertThat(training.output()).isEmpty();
      assertThat(run).doesNotExist();
    }
  }

  @Nested
  class A_full_disk {
    /**
     * A limit on the size of files stands in for it: the weights fit, the optimizer's moments do
     * not.
     */
    @Test
    void ends_the_run_and_keeps_the_checkpoint_before_it() throws Exception {
      try (ChildJvm child = ChildJvm.start(AttuneCommand.class, words(longer()))) {
        awaitCheckpoint();
        long process = ProcessHandle.current().children().findFirst().orElseThrow().pid();
        assertThat(
                new ProcessBuilder("prlimit", "--fsize=600000", "--pid", Long.toString(process))
                    .start()
                    .waitFor())
            .isZero();

        assertThat(child.awaitExit(LONG)).isEqualTo(6);
        assertThat(child.errors())
            .anyMatch(line -> line.contains("Free some space") && line.contains("--resume"))
            .noneMatch(line -> line.contains("\tat "));
      }
      assertThat(leftovers()).isEmpty();

      assertThat(Attune.run(longer("--resume")).exitCode()).isZero();
      assertThat(weights()).isEqualTo(uninterruptedWeights());
    }
  }

  private void awaitCheckpoint() throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (!Files.exists(run.resolve("checkpoints/step-2"))) {
      assertThat(System.nanoTime()).as("a checkpoint comes in time").isLessThan(end);
      Thread.sleep(10);
    }
  }

  private String uninterruptedWeights() throws Exception {
    Path other = folder.resolve("uninterrupted");
    Object[] command = longer("--set", "run-dir=" + other);
    assertThat(Attune.run(command).exitCode()).isZero();
    return Hashes.sha256(other.resolve("checkpoints/step-60/model.safetensors"));
  }

  private Object[] longer(Object... more) {
    return Stream.concat(
            Stream.of("train", "sft", config, "--set", "training.max-steps=60"), Stream.of(more))
        .toArray();
  }

  private static String[] words(Object... arguments) {
    return Stream.of(arguments).map(Object::toString).toArray(String[]::new);
  }

  private String weights() throws Exception {
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      Path last =
          checkpoints
              .max(
                  Comparator.comparingInt(
                      path -> Integer.parseInt(path.getFileName().toString().substring(5))))
              .orElseThrow();
      return Hashes.sha256(last.resolve("model.safetensors"));
    }
  }

  private List<Path> leftovers() throws Exception {
    try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
      return checkpoints.filter(path -> path.toString().contains(".tmp-")).toList();
    }
  }
}
