package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.ServerProcess;
import org.attune.server.TestServer;
import org.attune.server.storage.StorageException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that a server cannot work with, or must not. */
class DataFolderTest {

  @Test
  void is_used_by_one_server_at_a_time(@TempDir Path folder) throws Exception {
    try (TestServer first = TestServer.over(folder)) {
      assertThatThrownBy(() -> TestServer.over(folder))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(folder + " is used by another server")
          .hasMessageContaining("Stop that one, or choose another folder");
      try (ServerProcess second = ServerProcess.over(folder)) {
        assertThat(second.exitStatus()).isNotZero();
        assertThat(second.log()).contains("is used by another server");
      }
      assertThat(first.owner().get("/api/v1/me").status()).isEqualTo(200);
    }
    try (TestServer next = TestServer.over(folder)) {
      assertThat(next.owner().get("/api/v1/me").status()).isEqualTo(200);
    }
  }

  @Test
  void that_is_a_file_is_refused_with_its_name(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("data"), "no folder");

    assertThatThrownBy(() -> TestServer.over(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file + " cannot be written")
        .hasMessageContaining("Choose another");
  }

  @Test
  @Tag("mount")
  void that_may_only_be_read_is_refused_with_its_name(@TempDir Path folder) throws Exception {
    List<String> readOnly =
        List.of(
            "unshare",
            "--map-root-user",
            "--mount",
            "bash",
            "-c",
            "mount -t tmpfs -o ro tmpfs \"$0\" && exec \"$@\"",
            folder.toString());
    try (ServerProcess server = ServerProcess.over(folder, null, readOnly)) {
      assertThat(server.exitStatus()).isNotZero();
      assertThat(server.log()).contains("The data folder " + folder + " cannot be written");
    }
  }

  @Test
  void with_another_file_in_the_place_of_the_database_is_refused(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("attune.db"), "this is no database".repeat(1000));

    assertThatThrownBy(() -> TestServer.over(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(folder.resolve("attune.db").toString())
        .hasMessageContaining("restore the last backup");
    // and does not keep the folder
    Files.delete(folder.resolve("attune.db"));
    TestServer.over(folder).close();
  }

  @Test
  void with_a_damaged_database_says_so_where_the_damage_is_met(@TempDir Path folder)
      throws Exception {
    String records;
    try (TestServer server = TestServer.over(folder)) {
      records = "/api/v1/datasets/" + server.dataset(server.workspace()) + "/records";
      for (int i = 0; i < 20; i++) {
        server
            .owner()
            .post(
                records + "/bulk",
                Map.of("items", List.of(Map.of("fields", Map.of("text", "a".repeat(50_000))))));
      }
    }
    try (FileChannel file =
        FileChannel.open(folder.resolve("attune.db"), StandardOpenOption.WRITE)) {
      byte[] noise = new byte[(int) file.size() / 2];
      Arrays.fill(noise, (byte) 0x5a);
      file.write(ByteBuffer.wrap(noise), file.size() - noise.length);
    }
    try (TestServer server = TestServer.over(folder)) {
      Caller.Answer answer = server.owner().get(records + "?limit=100");
      assertThat(answer.status()).as(answer.body()).isEqualTo(500);
      assertThat(answer.text("detail")).startsWith("The database is damaged");
    }
  }
}
