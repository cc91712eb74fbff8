package org.attune.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Prints its arguments, then waits; leaves a file behind if it is allowed to clean up. */
  static final class Waiting {
    public static void main(String[] arguments) throws InterruptedException {
      Path farewell = Path.of(arguments[0]);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> writeTo(farewell)));
      System.out.println("root " + System.getProperty("attune.root"));
      System.err.println("to the errors: Grüße");
      System.out.println("ready");
      Thread.sleep(60_000);
    }

    private static void writeTo(Path file) {
      try {
        Files.writeString(file, "cleaned up");
      } catch (IOException failure) {
        System.err.println(failure);
      }
    }
  }

  static final class Failing {
    public static void main(String[] arguments) {
      System.err.println("no such luck");
      System.exit(3);
    }
  }

  @Test
  void shares_the_class_path_and_the_properties_of_the_test(@TempDir Path folder) {
    try (ChildJvm child = ChildJvm.start(Waiting.class, folder.resolve("farewell").toString())) {
      child.awaitOutput("ready", SOON);

      assertThat(child.output()).contains("root " + System.getProperty("attune.root"));
    }
  }

  @Test
  void a_killed_program_cannot_clean_up(@TempDir Path folder) {
    Path farewell = folder.resolve("farewell");
    try (ChildJvm child = ChildJvm.start(Waiting.class, farewell.toString())) {
      child.awaitOutput("ready", SOON);

      child.kill();

      assertThat(child.awaitExit(SOON)).isEqualTo(128 + 9);
      assertThat(farewell).doesNotExist();
    }
  }

  @Test
  void an_interrupted_program_can_clean_up(@TempDir Path folder) {
    Path farewell = folder.resolve("farewell");
    try (ChildJvm child = ChildJvm.start(Waiting.class, farewell.toString())) {
      child.awaitOutput("ready", SOON);

      child.interrupt();

      assertThat(child.awaitExit(SOON)).isEqualTo(128 + 2);
      assertThat(farewell).hasContent("cleaned up");
    }
  }

  @Test
  void the_exit_code_and_the_errors_of_a_program_are_kept() {
    try (ChildJvm child = ChildJvm.start(Failing.class)) {
      assertThat(child.awaitExit(SOON)).isEqualTo(3);
      assertThat(child.errors()).contains("no such luck");
    }
  }

  @Test
  void waiting_for_a_line_that_never_comes_shows_what_the_program_said() {
    try (ChildJvm child = ChildJvm.start(Failing.class)) {
      assertThatThrownBy(() -> child.awaitOutput("ready", SOON))
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("printed ready", "no such luck");
    }
  }
}
