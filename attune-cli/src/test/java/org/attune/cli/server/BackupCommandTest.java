package org.attune.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.attune.cli.Attune;
import org.attune.cli.AttuneCommand;
import org.attune.server.AttuneServer;
import org.attune.server.ServerOptions;
import org.attune.server.account.FirstStart;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandTest {

  private Path folder;
  private Path data;
  private Path file;

  @BeforeEach
  void server(@TempDir Path folder) {
    this.folder = folder;
    data = folder.resolve("data");
    file = folder.resolve("backup.zip");
    FirstStart.Owner owner = new FirstStart.Owner("ana", "a long password", null);
    AttuneServer.start(new ServerOptions("127.0.0.1", 0, data, null, owner)).close();
  }

  private Attune backup() {
    return Attune.run("server", "backup", "--data", data, "--to", file);
  }

  @Test
  void what_was_written_is_told_and_can_be_restored() {
    Attune written = backup();
    assertThat(written.exitCode()).as(written.errors()).isZero();
    assertThat(written.errors()).contains("Wrote " + file);

    Path again = folder.resolve("again");
    Attune restored = Attune.run("server", "restore", "--from", file, "--data", again);
    assertThat(restored.exitCode()).as(restored.errors()).isZero();
    assertThat(restored.errors()).contains("Restored ").contains("Start the server as usual");
    assertThat(again.resolve("attune.db")).exists();
  }

  @Test
  void each_refusal_has_its_exit_code() throws Exception {
    assertThat(backup().exitCode()).isZero();

    assertThat(backup().exitCode()).as("the file is there").isEqualTo(2);
    Attune full = Attune.run("server", "restore", "--from", file, "--data", data);
    assertThat(full.exitCode()).as("the folder is not empty").isEqualTo(2);
    Files.write(file, new byte[] {'P', 'K', 3, 4});
    Path again = folder.resolve("again");
    Attune damaged = Attune.run("server", "restore", "--from", file, "--data", again);
    assertThat(damaged.exitCode()).as("damaged").isEqualTo(3);
    assertThat(again).doesNotExist();
  }

  @Test
  void a_database_that_cannot_be_reached_is_no_fault_of_attune() {
    Attune unreachable =
        Attune.run(
            "server",
            "backup",
            "--data",
            data,
            "--to",
            file,
            "--database",
            "jdbc:postgresql://127.0.0.1:1/none");

    assertThat(unreachable.exitCode()).as(unreachable.errors()).isEqualTo(6);
    assertThat(file).doesNotExist();
  }

  @Test
  void a_full_disk_is_one_clear_error_and_leaves_nothing() throws Exception {
    Files.createDirectories(data.resolve("uploads"));
    byte[] large = new byte[8_000_000];
    new Random(5).nextBytes(large); // cannot be packed any smaller
    Files.write(data.resolve("uploads/large.csv"), large);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            "bash",
            "-c",
            "ulimit -f 4000; exec \"$@\"", // kB, enough for the library that SQLite unpacks
            "limited",
            java,
            "-cp",
            System.getProperty("java.class.path"),
            AttuneCommand.class.getName(),
            "server",
            "backup",
            "--data",
            data.toString(),
            "--to",
            file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isEqualTo(6);
    assertThat(output).contains("cannot be written").contains("make room");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(data);
    }
  }
}
