package org.attune.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.attune.data.DatasetFormatException;
import org.attune.data.InvalidInputException;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.run.folder.RunFolderException;
import org.attune.train.TrainingDivergedException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void each_category_of_failure_has_its_code() {
    assertThat(ExitCode.of(new IllegalStateException("?")).code()).isEqualTo(1);
    assertThat(ExitCode.of(new RunFolderException("exists")).code()).isEqualTo(2);
    assertThat(ExitCode.of(DatasetFormatException.of("no rows")).code()).isEqualTo(3);
    assertThat(ExitCode.of(new CheckpointException("no weights")).code()).isEqualTo(4);
    assertThat(ExitCode.of(new TrainingDivergedException("NaN")).code()).isEqualTo(5);
    assertThat(ExitCode.of(new OutOfMemoryError()).code()).isEqualTo(6);
    assertThat(ExitCode.of(new RunFolderException("unwritable", new IOException("?"))).code())
        .isEqualTo(6);
  }

  @Test
  void an_argument_that_only_a_program_can_give_is_no_users_mistake() {
    assertThat(ExitCode.of(new InvalidInputException("--prompts is empty")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(ExitCode.of(new IllegalArgumentException("no weight of that name")))
        .isEqualTo(ExitCode.UNEXPECTED);
  }

  @Test
  void a_full_disk_comes_before_what_was_written() {
    IOException full = new FileSystemException("model", null, "No space left on device");

    assertThat(ExitCode.of(new CheckpointException("not written", full)))
        .isEqualTo(ExitCode.RESOURCES);
  }
}
