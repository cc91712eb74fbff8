package org.attune.run.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckpointsTest {
  @TempDir Path folder;

  private static Checkpoints.Content content(String text) {
    return target -> {
      Files.createDirectories(target.resolve("trainer"));
      Files.writeString(target.resolve("trainer").resolve("state.json"), text);
    };
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> String.valueOf(path.getFileName())).toList().stream();
    }
  }

  @Test
  void the_latest_is_that_of_the_highest_step() {
    var checkpoints = new Checkpoints(folder);
    checkpoints.write(9, content("a"));
    checkpoints.write(100, content("b"));
    checkpoints.write(20, content("c"));

    assertThat(checkpoints.all())
        .extracting(Checkpoints.Checkpoint::step)
        .containsExactly(9, 20, 100);
    assertThat(checkpoints.latest())
        .map(Checkpoints.Checkpoint::path)
        .contains(folder.resolve("step-100"));
  }

  @Test
  void a_run_without_checkpoints_has_none() {
    assertThat(new Checkpoints(folder.resolve("missing")).latest()).isEmpty();
  }

  @Test
  void what_has_another_name_never_counts() throws IOException {
    Files.createDirectories(folder.resolve("step-7.tmp-x"));
    Files.createDirectories(folder.resolve("step-07"));
    Files.createDirectories(folder.resolve("step--1"));
    Files.createDirectories(folder.resolve("step-99999999999"));
    Files.createDirectories(folder.resolve("best"));
    Files.writeString(folder.resolve("step-8"), "a file");

    assertThat(new Checkpoints(folder).all()).isEmpty();
  }

  @Test
  void leftovers_of_a_crash_are_removed_and_nothing_else() throws IOException {
    Files.createDirectories(folder.resolve("step-7.tmp-x").resolve("trainer"));
    Files.createDirectories(folder.resolve("my-notes.tmp-x"));

    new Checkpoints(folder).write(8, content("a"));

    assertThat(names()).containsExactlyInAnyOrder("step-8", "my-notes.tmp-x");
  }

  @Test
  void a_failure_in_the_middle_leaves_nothing_and_keeps_the_older_one() throws IOException {
    var checkpoints = new Checkpoints(folder);
    checkpoints.write(5, content("old"));

    assertThatThrownBy(
            () ->
                checkpoints.write(
                    5,
                    target -> {
                      Files.writeString(target.resolve("half"), "x");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("The checkpoint of step 5 cannot be written to")
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("Free some space, or lower training.save-total-limit");
    assertThat(names()).containsExactly("step-5");
    assertThat(folder.resolve("step-5/trainer/state.json")).hasContent("old");
  }

  @Test
  void a_checkpoint_of_the_same_step_is_replaced() throws IOException {
    var checkpoints = new Checkpoints(folder);
    checkpoints.write(5, content("old"));
    checkpoints.write(5, content("new"));

    assertThat(names()).containsExactly("step-5");
    assertThat(folder.resolve("step-5/trainer/state.json")).hasContent("new");
  }

  @Test
  void only_the_newest_are_kept() {
    var checkpoints = new Checkpoints(folder);
    for (int step = 1; step <= 5; step++) {
      checkpoints.write(step, content("x"));
    }

    checkpoints.keepNewest(2);

    assertThat(checkpoints.all()).extracting(Checkpoints.Checkpoint::step).containsExactly(4, 5);
    checkpoints.keepNewest(9);
    assertThat(checkpoints.all()).hasSize(2);
  }
}
