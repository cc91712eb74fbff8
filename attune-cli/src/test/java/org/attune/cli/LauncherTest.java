package org.attune.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code attune}, in a checkout and with a Java and a Maven that only note what is asked
 * of them.
 */
class LauncherTest {
  @TempDir Path folder;

  private Path checkout;
  private Path jdk;
  private Path tools;

  /** What a start of the launcher left behind. */
  private record Outcome(int exitCode, String output, String errors) {}

  @BeforeEach
  void make_a_checkout_whose_name_has_a_space() throws IOException {
    checkout = Files.createDirectories(folder.resolve("my checkout"));
    jdk = Files.createDirectories(folder.resolve("jdk"));
    tools = Files.createDirectories(folder.resolve("tools"));
    Files.copy(Path.of(System.getProperty("attune.root"), "attune"), launcher());
    launcher().toFile().setExecutable(true);
    write("pom.xml", "");
    write("bom/pom.xml", "");
    write("attune-cli/pom.xml", "");
    write("attune-cli/src/main/java/Program.java", "first");
    script(
        jdk.resolve("bin/java"),
        "[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.2\" 2022-01-18' >&2; exit; }",
        "for argument; do echo \"$argument\"; done");
    script(jdk.resolve("bin/javac"));
    script(
        tools.resolve("mvn"),
        "[ \"$1\" = -v ] && { echo 'Apache Maven 3.8.7 (x)'; exit; }",
        "echo build >> builds",
        "[ -e broken ] && { echo '[ERROR] a class is missing'; exit 1; }",
        "sleep 0.5",
        "mkdir -p attune-cli/target",
        "echo program > attune-cli/target/attune-cli-1.jar",
        "echo library > library.jar",
        "printf %s \"$PWD/library.jar\" > attune-cli/target/classpath.txt");
  }

  @Test
  void the_first_start_builds_and_hands_the_arguments_over_as_they_are() throws Exception {
    Outcome outcome = start("generate", "--prompt", "two  words", "");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).endsWith("AttuneCommand\ngenerate\n--prompt\ntwo  words\n\n");
    assertThat(outcome.output()).contains("-Dattune.home=" + checkout.toRealPath() + "\n");
    assertThat(outcome.errors()).contains("building for the first time");
  }

  @Test
  void the_next_start_builds_nothing_and_says_nothing() throws Exception {
    start();

    Outcome outcome = start();

    assertThat(outcome.errors()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void a_changed_a_new_and_a_deleted_source_are_built() throws Exception {
    start();

    write("attune-cli/src/main/java/Program.java", "second");
    start();
    write("attune-cli/src/main/resources/new.txt", "new");
    start();
    Files.delete(checkout.resolve("attune-cli/src/main/resources/new.txt"));
    Outcome outcome = start();

    assertThat(builds()).isEqualTo(4);
    assertThat(outcome.errors()).contains("sources changed, building");
  }

  @Test
  void a_later_build_leaves_the_jars_of_a_running_program_alone() throws Exception {
    String before = start().output();
    Path jar =
        Path.of(
            before
                .lines()
                .filter(line -> line.contains(".jar"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[0]);

    write("attune-cli/src/main/java/Program.java", "second");
    String after = start().output();

    assertThat(jar).isRegularFile();
    assertThat(after).doesNotContain(jar.toString());
  }

  @Test
  void a_failed_build_shows_why_and_is_tried_again() throws Exception {
    write("broken", "");
    Outcome failed = start();
    Files.delete(checkout.resolve("broken"));
    Outcome repaired = start();

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.errors()).contains("[ERROR] a class is missing", "the build failed");
    assertThat(failed.output()).isEmpty();
    assertThat(repaired.exitCode()).isZero();
  }

  @Test
  void a_library_that_was_cleared_away_is_fetched_again() throws Exception {
    start();
    Path copies = checkout.resolve("target/launcher");
    try (var jars = Files.walk(copies)) {
      for (Path jar : jars.filter(path -> path.endsWith("library.jar")).toList()) {
        Files.delete(jar);
      }
    }

    start();

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void it_works_through_links_and_from_any_folder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("my checkout", "attune"));
    Path linkToLink = Files.createSymbolicLink(folder.resolve("second link"), link);

    Outcome outcome =
        finish(process(tools + ":" + System.getenv("PATH"), linkToLink.toString(), "doctor"));

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output()).endsWith("doctor\n");
  }

  @Test
  void two_first_starts_at_the_same_time_build_once() throws Exception {
    Process first = process(tools + ":" + System.getenv("PATH"), launcher().toString());
    Process second = process(tools + ":" + System.getenv("PATH"), launcher().toString());

    assertThat(finish(first).exitCode()).isZero();
    assertThat(finish(second).exitCode()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void the_lock_of_a_build_that_was_killed_is_taken_over() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write("target/launcher/lock/pid", dead.pid() + "\n");

    assertThat(start().exitCode()).isZero();
  }

  @Nested
  class What_the_machine_lacks {
    @Test
    void an_old_java_is_named_with_its_version() throws Exception {
      script(jdk.resolve("bin/java"), "echo 'java version \"1.8.0_292\"' >&2");

      assertMissing(start(), jdk + "/bin/java is Java 8", "17 or newer");
    }

    @Test
    void a_java_home_without_java_is_named() throws Exception {
      Files.delete(jdk.resolve("bin/java"));

      assertMissing(start(), "JAVA_HOME is " + jdk, "JDK 17");
    }

    @Test
    void an_old_maven_is_named_with_its_version() throws Exception {
      script(tools.resolve("mvn"), "echo 'Apache Maven 3.6.3 (x)'");

      assertMissing(start(), tools + "/mvn is Maven 3.6", "3.8 or newer");
    }

    @Test
    void a_missing_maven_is_needed_only_for_a_build() throws Exception {
      Path bare = bareTools();
      Outcome unbuilt = finish(process(bare.toString(), launcher().toString()));
      start();
      Outcome built = finish(process(bare.toString(), launcher().toString()));

      assertMissing(unbuilt, "Maven is not installed", "3.8");
      assertThat(built.exitCode()).isZero();
    }

    private void assertMissing(Outcome outcome, String... words) {
      assertThat(outcome.exitCode()).isEqualTo(6);
      assertThat(outcome.errors()).contains(words);
      assertThat(outcome.output()).isEmpty();
    }

    /** A folder with what the launcher calls, and nothing else. */
    private Path bareTools() throws IOException {
      Path bare = Files.createDirectories(folder.resolve("bare"));
      for (String name :
          List.of("sh", "dirname", "find", "cat", "head", "sed", "mkdir", "mv", "rm")) {
        for (String place : System.getenv("PATH").split(":", -1)) {
          Path tool = Path.of(place, name);
          if (Files.isExecutable(tool)) {
            Files.createSymbolicLink(bare.resolve(name), tool);
            break;
          }
        }
      }
      return bare;
    }
  }

  @Test
  void a_java_that_asks_for_it_is_granted_native_access() throws Exception {
    assertThat(start().output()).doesNotContain("--enable-native-access");
    script(
        jdk.resolve("bin/java"),
        "[ \"$1\" = -version ] && { echo 'openjdk version \"25\" 2025-09-16' >&2; exit; }",
        "for argument; do echo \"$argument\"; done");

    assertThat(start().output()).contains("--enable-native-access=ALL-UNNAMED\n");
  }

  private Outcome start(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return finish(process(tools + ":" + System.getenv("PATH"), command.toArray(String[]::new)));
  }

  private Process process(String path, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PATH", path);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().remove("ATTUNE_JAVA_OPTS");
    return builder.start();
  }

  private static Outcome finish(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output, errors);
  }

  private long builds() throws IOException {
    return Files.readAllLines(checkout.resolve("builds")).size();
  }

  private Path launcher() {
    return checkout.resolve("attune");
  }

  private void write(String file, String content) throws IOException {
    Path path = checkout.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
