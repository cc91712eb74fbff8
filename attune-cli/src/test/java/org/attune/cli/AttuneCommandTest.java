package org.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AttuneCommandTest {
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final CommandLine attune =
      AttuneCommand.commandLine()
          .setOut(new PrintWriter(output, true))
          .setErr(new PrintWriter(errors, true));

  @Test
  void version_names_the_program_and_its_java() {
    assertThat(attune.execute("--version")).isZero();
    assertThat(output.toString())
        .matches("attune \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java \\d+\\)\\R");
  }

  @Test
  void without_a_command_the_usage_is_shown_as_an_error() {
    assertThat(attune.execute()).isEqualTo(2);
    assertThat(errors.toString()).contains("A command is missing.", "Usage: attune");
  }

  @Test
  void an_unknown_option_is_named() {
    assertThat(attune.execute("--versoin")).isEqualTo(2);
    assertThat(errors.toString()).contains("--versoin");
  }
}
