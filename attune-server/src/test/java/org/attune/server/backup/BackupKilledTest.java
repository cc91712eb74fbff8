package org.attune.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.attune.server.TestServer;
import org.attune.server.storage.RestoreMarker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 records, of which a process that has 64 MB makes a backup and a server again, is killed
 * meanwhile, and does it anew.
 */
class BackupKilledTest {

  private static final int RECORDS = 100_000;
  private static final long SEED = 11;

  private Path folder;
  private Store store;

  @BeforeEach
  void fill(@TempDir Path place) throws SQLException {
    folder = place;
    store = new Store(place.resolve("data"), null);
    try (TestServer server = TestServer.over(store.data())) {
      server.dataset(server.workspace());
    }
    try (Connection connection = store.source().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO records (id, dataset_id, external_id, fields, status, revision, inserted_at, updated_at)
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          SELECT 'id' || i, d.id, 'r' || i, '{"text": "' || hex(randomblob(400)) || '"}', 'pending', 1, i, i
          FROM n, datasets d"""
              .formatted(RECORDS));
    }
  }

  @Test
  void leaves_a_whole_backup_or_none_and_a_whole_restore_or_one_that_says_so() throws Exception {
    Random random = new Random(SEED);
    Path file = folder.resolve("backup.zip");
    for (int round = 0; round < 3; round++) {
      killed("backup", store, file, random);
      if (Files.exists(file)) { // it was faster
        Files.delete(file);
      }
    }
    ended("backup", store, file);
    assertThat(names(folder)).containsExactlyInAnyOrder("backup.zip", "data");

    Store restored = new Store(folder.resolve("restored"), null);
    for (int round = 0; round < 3; round++) {
      killed("restore", restored, file, random);
      if (Files.exists(restored.data())) {
        assertThat(RestoreMarker.isIn(restored.data())).isTrue();
      }
    }
    ended("restore", restored, file);
    Map<String, List<String>> contents = Contents.of(restored);
    assertThat(contents).isEqualTo(Contents.of(store));
    assertThat(contents.get("records")).hasSize(RECORDS);
  }

  /** Kills a process a while after it began its work. */
  private static void killed(String what, Store store, Path file, Random random)
      throws IOException, InterruptedException {
    Process process = BackupProcess.start(what, store, file);
    BufferedReader out = reader(process);
    int reports = 1 + random.nextInt(40);
    String line = out.readLine();
    while (line != null && reports > 0) {
      reports -= line.equals(what) ? 1 : 0;
      line = out.readLine();
    }
    process.destroyForcibly().waitFor();
  }

  private static void ended(String what, Store store, Path file)
      throws IOException, InterruptedException {
    Process process = BackupProcess.start(what, store, file);
    List<String> lines;
    try (BufferedReader out = reader(process)) {
      lines = out.lines().toList();
    }
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}
