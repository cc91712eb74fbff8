package org.attune.run.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.sft.SftConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunFolderTest {
  @TempDir Path folder;

  private SftConfig config(Path runDir) {
    return SftConfig.builder().runDir(runDir).model("bundled/stories260k").build();
  }

  @Test
  void a_new_run_has_its_configuration_and_no_events() {
    SftConfig config = config(folder.resolve("läufe/a"));

    RunFolder run = RunFolder.create(config);

    assertThat(run.config(SftConfig.class)).isEqualTo(config);
    assertThat(run.events()).isEmpty();
    assertThat(run.state()).isEmpty();
    assertThat(run.manifest()).isEmpty();
    assertThat(run.checkpoints().latest()).isEmpty();
  }

  @Test
  void an_existing_run_is_not_overwritten() {
    SftConfig config = config(folder.resolve("a"));
    RunFolder.create(config);

    assertThatThrownBy(() -> RunFolder.create(config))
        .isInstanceOf(RunFolderException.class)
        .hasMessage(
            config.runDir()
                + " has a run already. Choose another run-dir, or go on with it by --resume.");
  }

  @Test
  void a_folder_that_cannot_be_written_is_told_before_any_work() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> RunFolder.create(config(file.resolve("run"))))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("hoose another run-dir");
  }

  @Test
  void resuming_makes_a_run_that_is_not_there() {
    assertThat(RunFolder.resume(config(folder.resolve("a"))).path()).isDirectory();
  }

  @Test
  void resuming_with_changed_settings_names_each() {
    SftConfig config = config(folder.resolve("a"));
    RunFolder.create(config);
    SftConfig changed =
        config.toBuilder().training(t -> t.seed(7)).optimizer(o -> o.learningRate(1e-3)).build();

    assertThatThrownBy(() -> RunFolder.resume(changed))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            """
            2 problems in the configuration:
              training.seed must stay 42 when a run is resumed but was 7. Set it back, or choose another run-dir for a new run.
              optimizer.learning-rate must stay 2.0e-5 when a run is resumed but was 0.001. Set it back, or choose another run-dir for a new run.""");
  }

  @Test
  void resuming_removes_half_written_checkpoints() throws IOException {
    SftConfig config = config(folder.resolve("a"));
    RunFolder run = RunFolder.create(config);
    run.checkpoints().write(3, target -> Files.writeString(target.resolve("x"), "x"));
    Path torn = Files.createDirectories(folder.resolve("a/checkpoints/step-4.tmp-1"));

    RunFolder resumed = RunFolder.resume(config);

    assertThat(torn).doesNotExist();
    assertThat(resumed.checkpoints().latest()).map(Checkpoints.Checkpoint::step).contains(3);
  }

  @Test
  void opening_a_folder_without_a_run_says_so() {
    assertThatThrownBy(() -> RunFolder.open(folder))
        .hasMessage(
            folder + " is not a run: it has no config.yaml. Name the run-dir of a training.");
  }

  @Test
  void the_state_is_that_of_the_last_status() {
    RunFolder run = RunFolder.create(config(folder.resolve("a")));
    try (EventLog log = run.log(Clock.systemUTC())) {
      log.append(new Event.Status(Event.State.STARTED, ""));
      log.append(new Event.Status(Event.State.STOPPED, "by Ctrl-C"));
      log.append(new Event.Metrics(1, Map.of()));
    }

    assertThat(RunFolder.open(run.path()).state()).contains(Event.State.STOPPED);
  }

  @Test
  void the_manifest_is_read_back_equal() {
    RunFolder run = RunFolder.create(config(folder.resolve("a")));
    var manifest =
        new Manifest(
            "0.1.0",
            Map.of("model.safetensors", "00ff"),
            Map.of("daten/zeilen.jsonl", "aa"),
            "F: {frage}\n",
            Map.of("training", 42L),
            List.of(new Manifest.Parent("reward model", "runs/reward", "bb")));

    run.writeManifest(manifest);

    assertThat(run.manifest()).contains(manifest);
  }

  @Test
  void a_torn_manifest_is_named() throws IOException {
    RunFolder run = RunFolder.create(config(folder.resolve("a")));
    Files.writeString(folder.resolve("a/manifest.json"), "{\"codeVersion\":");

    assertThatThrownBy(run::manifest)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("manifest.json is not a manifest (");
  }

  @Test
  void the_report_is_replaced_as_a_whole() {
    RunFolder run = RunFolder.create(config(folder.resolve("a")));
    run.writeReport("<p>old and longer</p>");

    assertThat(run.writeReport("<p>ü</p>")).hasContent("<p>ü</p>");
  }

  @Test
  void hashes_are_those_of_the_standard() throws IOException {
    Files.writeString(folder.resolve("abc"), "abc");
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/empty"), "");

    assertThat(Hashes.sha256OfFiles(folder))
        .isEqualTo(
            Map.of(
                "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "sub/empty",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  }
}
