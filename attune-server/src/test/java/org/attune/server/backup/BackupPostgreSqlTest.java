package org.attune.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.attune.data.InvalidInputException;
import org.attune.server.PostgreSqlCluster;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Backups that move between the two databases. */
@Tag("postgresql")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupPostgreSqlTest {

  private static final Progress QUIETLY = (what, done, total) -> {};

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();
  private Path folder;
  private Store file;
  private Path backup;
  private String dataset;

  @BeforeAll
  void fill(@TempDir Path place) throws Exception {
    folder = place;
    file = new Store(place.resolve("data"), null);
    try (TestServer server = TestServer.over(file.data())) {
      dataset = FilledServer.fill(server);
    }
    FilledServer.fillTheRest(file);
    backup = place.resolve("backup.zip");
    Backup.write(file, backup, QUIETLY);
  }

  private int made;
  private Store shared;

  @BeforeEach
  void database() {
    shared = new Store(folder.resolve("shared" + ++made), cluster.database());
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  @Test
  void from_a_file_to_postgresql_and_back_every_row_stays_as_it_was() throws Exception {
    Map<String, List<String>> before = Contents.of(file);

    Restore.run(backup, shared, QUIETLY);
    assertThat(Contents.of(shared)).isEqualTo(before);
    assertThat(FilledServer.upload(shared)).exists();

    Path second = folder.resolve("second.zip");
    Backup.write(shared, second, QUIETLY);
    Store back = new Store(folder.resolve("back"), null);
    Restore.run(second, back, QUIETLY);
    assertThat(Contents.of(back)).isEqualTo(before);
  }

  @Test
  void the_restored_server_goes_on_with_new_keys() throws Exception {
    Restore.run(backup, shared, QUIETLY);

    try (TestServer server = TestServer.over(shared.data(), shared.database())) {
      String path = "/api/v1/datasets/" + dataset + "/records/bulk";
      Map<String, Object> item = Map.of("fields", Map.of("text", "new"));
      assertThat(server.owner().post(path, Map.of("items", List.of(item))).status()).isEqualTo(201);
    }
    assertThat(Contents.of(shared).get("records")).hasSize(39 + 1);
  }

  @Test
  void a_database_in_use_is_not_overwritten() {
    TestServer.over(shared.data().resolve("elsewhere"), shared.database()).close();

    Store target = new Store(folder.resolve("empty"), shared.database());
    assertThatThrownBy(() -> Restore.run(backup, target, QUIETLY))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("is not empty: it has rows in [")
        .hasMessageContaining("users")
        .hasMessageContaining("createdb");
    assertThat(target.data()).doesNotExist();
  }

  @Test
  void a_restore_that_was_cut_off_left_no_row_and_can_be_repeated() throws Exception {
    assertThatThrownBy(
            () ->
                Restore.run(
                    backup,
                    shared,
                    (what, done, total) -> {
                      if (what.equals("restore") && done > total / 2) {
                        throw new IllegalStateException("cut off");
                      }
                    }))
        .hasMessage("cut off");
    assertThat(Contents.of(shared).values()).allMatch(List::isEmpty);
    assertThatThrownBy(() -> TestServer.over(shared.data(), shared.database()))
        .hasMessageContaining("did not come to its end");

    Restore.run(backup, shared, QUIETLY);

    assertThat(Contents.of(shared)).isEqualTo(Contents.of(file));
  }

  @Test
  void a_text_that_postgresql_cannot_hold_is_named() throws Exception {
    Store odd = new Store(folder.resolve("odd"), null);
    TestServer.over(odd.data()).close();
    try (Connection connection = odd.source().getConnection();
        var insert = connection.prepareStatement("INSERT INTO server_state VALUES ('odd', ?)")) {
      insert.setString(1, "a\0b");
      insert.executeUpdate();
    }
    Path oddBackup = folder.resolve("odd.zip");
    Backup.write(odd, oddBackup, QUIETLY);

    assertThatThrownBy(() -> Restore.run(oddBackup, shared, QUIETLY))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("server_state.value")
        .hasMessageContaining("NUL");
  }
}
