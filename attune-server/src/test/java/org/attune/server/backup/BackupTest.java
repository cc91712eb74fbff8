package org.attune.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.attune.data.InvalidInputException;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.storage.StorageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {

  private static final Progress QUIETLY = (what, done, total) -> {};

  private Path folder;
  private Path file;
  private Store store;
  private Store restored;

  @BeforeEach
  void places(@TempDir Path folder) {
    this.folder = folder;
    file = folder.resolve("backup.zip");
    store = new Store(folder.resolve("data"), null);
    restored = new Store(folder.resolve("restored"), null);
  }

  private String fill() throws SQLException, IOException {
    String dataset;
    try (TestServer server = TestServer.over(store.data())) {
      dataset = FilledServer.fill(server);
    }
    FilledServer.fillTheRest(store);
    return dataset;
  }

  @Nested
  class a_round_trip {

    @Test
    void keeps_every_row_of_every_table_and_every_file_but_not_the_index() throws Exception {
      fill();

      Backup.Summary made = Backup.write(store, file, QUIETLY);
      Restore.Summary back = Restore.run(file, restored, QUIETLY);

      Map<String, List<String>> before = Contents.of(store);
      assertThat(Contents.of(restored)).isEqualTo(before);
      assertThat(before.get("records")).hasSize(39);
      assertThat(made.rows()).isEqualTo(before.values().stream().mapToLong(List::size).sum());
      assertThat(back.rows()).isEqualTo(made.rows());
      assertThat(FilledServer.upload(restored)).hasContent("text\nGrüße\n");
      assertThat(restored.data().resolve("index")).doesNotExist();
    }

    @Test
    void gives_a_server_with_the_same_users_keys_answers_and_search() throws Exception {
      String dataset = fill();
      Backup.write(store, file, QUIETLY);
      Restore.run(file, restored, QUIETLY);

      try (TestServer server = TestServer.over(restored.data())) {
        String path = "/api/v1/datasets/" + dataset + "/records";
        Map<String, Object> query = Map.of("query", Map.of("text", Map.of("q", "世界")));
        Caller.Answer found = server.owner().post(path + "/search?limit=1", query);
        assertThat(found.json().get("total")).isEqualTo(39);
        assertThat(server.owner().get("/api/v1/users").items()).hasSize(2);
      }
    }

    @Test
    void never_gives_the_key_of_a_deleted_row_away_again() throws Exception {
      fill();
      try (Connection connection = store.source().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("DELETE FROM audit_log");
      }
      Backup.write(store, file, QUIETLY);
      Restore.run(file, restored, QUIETLY);

      for (Store each : List.of(store, restored)) {
        try (Connection connection = each.source().getConnection()) {
          Catalogue catalogue = new Catalogue(connection, each.dialect());
          Table log = new Table("audit_log", List.of());
          assertThat(catalogue.counter(log))
              .hasValueSatisfying(last -> assertThat(last).isPositive());
        }
      }
    }

    @Test
    void of_a_server_that_nobody_used_yet_works() throws Exception {
      TestServer.over(store.data()).close();

      Backup.write(store, file, QUIETLY);
      Restore.run(file, restored, QUIETLY);

      assertThat(Contents.of(restored)).isEqualTo(Contents.of(store));
    }
  }

  @Nested
  class a_backup {

    @Test
    void of_a_server_that_takes_writes_is_of_one_moment() throws Exception {
      try (TestServer server = TestServer.over(store.data())) {
        String dataset = FilledServer.fill(server);
        String records = "/api/v1/datasets/" + dataset + "/records/bulk";
        AtomicBoolean done = new AtomicBoolean();
        Thread writer =
            new Thread(
                () -> {
                  for (int i = 0; !done.get(); i++) {
                    Map<String, Object> fields = Map.of("text", "more");
                    Map<String, Object> suggestion =
                        Map.of("question_name", "label", "value", "yes");
                    Map<String, Object> item =
                        Map.of(
                            "external_id",
                            "more" + i,
                            "fields",
                            fields,
                            "suggestions",
                            List.of(suggestion));
                    server.owner().put(records, Map.of("items", List.of(item)));
                  }
                });
        writer.start();
        for (int i = 0; i < 5; i++) {
          Path each = folder.resolve(i + ".zip");
          Store target = new Store(folder.resolve("restored" + i), null);
          Backup.write(store, each, QUIETLY);
          Restore.run(each, target, QUIETLY);
          Map<String, List<String>> contents = Contents.of(target);
          assertThat(contents.get("suggestions"))
              .as("each record came with one suggestion")
              .hasSameSizeAs(contents.get("records"));
        }
        done.set(true);
        writer.join();
      }
    }

    @Test
    void is_read_by_its_owner_only() throws Exception {
      TestServer.over(store.data()).close();

      Backup.write(store, file, QUIETLY);
      Restore.run(file, restored, QUIETLY);

      assertThat(permissions(file)).isEqualTo("rw-------");
      assertThat(permissions(restored.data())).isEqualTo("rwx------");
      assertThat(permissions(restored.file())).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void does_not_take_the_place_of_a_file() throws Exception {
      TestServer.over(store.data()).close();
      Files.writeString(file, "an older one");

      assertThatThrownBy(() -> Backup.write(store, file, QUIETLY))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("exists already");
      assertThat(file).hasContent("an older one");
    }

    @Test
    void is_not_kept_in_the_folder_that_it_is_of() {
      TestServer.over(store.data()).close();

      assertThatThrownBy(() -> Backup.write(store, store.data().resolve("b.zip"), QUIETLY))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("lies in the data folder");
    }

    @Test
    void of_a_folder_without_a_server_is_refused_and_makes_nothing() {
      assertThatThrownBy(() -> Backup.write(store, file, QUIETLY))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("holds no attune.db")
          .hasMessageContaining("--data");
      assertThat(store.data()).doesNotExist();
      assertThat(file).doesNotExist();
    }
  }

  @Nested
  class a_restore {

    @BeforeEach
    void backup() throws Exception {
      fill();
      Backup.write(store, file, QUIETLY);
    }

    @Test
    void overwrites_nothing() {
      assertThatThrownBy(() -> Restore.run(file, store, QUIETLY))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("is not empty: it holds [attune.db")
          .hasMessageContaining("name a new folder");
    }

    @Test
    void of_a_damaged_backup_touches_nothing() throws Exception {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[64]), channel.size() / 2);
      }

      assertThatThrownBy(() -> Restore.run(file, restored, QUIETLY))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("is damaged")
          .hasMessageContaining("Nothing was restored");
      assertThat(restored.data()).doesNotExist();
    }

    @Test
    void of_a_backup_that_is_cut_off_touches_nothing() throws Exception {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() - 100);
      }

      assertThatThrownBy(() -> Restore.run(file, restored, QUIETLY))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("is no whole ZIP archive");
      assertThat(restored.data()).doesNotExist();
    }

    @Test
    void of_rows_that_were_changed_by_hand_names_the_table() throws Exception {
      try (FileSystem zip =
          FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
        Path users = zip.getPath("tables/users.jsonl");
        Files.writeString(users, Files.readString(users).replace("annotator", "owner"));
      }

      assertThatThrownBy(() -> Restore.run(file, restored, QUIETLY))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("[tables/users.jsonl] differ");
      assertThat(restored.data()).doesNotExist();
    }

    @Test
    void of_a_backup_by_a_newer_attune_is_refused_before_anything_is_made() throws Exception {
      changeManifest("\"schema_version\":\"1\"", "\"schema_version\":\"999\"");

      assertThatThrownBy(() -> Restore.run(file, restored, QUIETLY))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("has version 999 of the database's schema")
          .hasMessageContaining("or a newer one");
      assertThat(restored.data()).doesNotExist();
    }

    @Test
    void never_writes_outside_of_the_folder() throws Exception {
      changeManifest("\"path\":\"uploads/a.csv\"", "\"path\":\"../escaped\"");
      try (FileSystem zip =
          FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
        Files.move(zip.getPath("files/uploads/a.csv"), zip.getPath("escaped"));
      }

      assertThatThrownBy(() -> Restore.run(file, restored, QUIETLY))
          .isInstanceOf(BackupException.class);
      assertThat(folder.resolve("escaped")).doesNotExist();
      assertThatThrownBy(() -> new Manifest.FilePart("../escaped", 1, "").in(restored.data()))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("lies outside of the data folder");
    }

    private void changeManifest(String before, String after) throws IOException {
      try (FileSystem zip =
          FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
        Path manifest = zip.getPath(Manifest.NAME);
        String text = Files.readString(manifest);
        assertThat(text).contains(before);
        Files.writeString(manifest, text.replace(before, after));
      }
    }

    @Test
    void of_something_else_says_that_it_is_no_backup() throws Exception {
      Path other = folder.resolve("other.zip");
      try (FileSystem zip =
          FileSystems.newFileSystem(URI.create("jar:" + other.toUri()), Map.of("create", "true"))) {
        Files.writeString(zip.getPath("a"), "b");
      }

      assertThatThrownBy(() -> Restore.run(other, restored, QUIETLY))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("is no backup of attune server");
    }

    @Test
    void that_was_cut_off_says_so_lets_no_server_start_and_can_be_repeated() throws Exception {
      AtomicBoolean cut = new AtomicBoolean();
      assertThatThrownBy(
              () ->
                  Restore.run(
                      file,
                      restored,
                      (what, done, total) -> {
                        if (what.equals("restore") && done > 0) {
                          cut.set(true);
                          throw new IllegalStateException("cut off");
                        }
                      }))
          .hasMessage("cut off");
      assertThat(cut).isTrue();
      assertThatThrownBy(() -> TestServer.over(restored.data()))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("did not come to its end")
          .hasMessageContaining("attune server restore");
      assertThatThrownBy(() -> Backup.write(restored, folder.resolve("half.zip"), QUIETLY))
          .isInstanceOf(StorageException.class);

      Restore.run(file, restored, QUIETLY);

      assertThat(Contents.of(restored)).isEqualTo(Contents.of(store));
      TestServer.over(restored.data()).close();
    }
  }
}
