package org.attune.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.attune.server.JavaProcess;
import org.attune.server.ServerOptions;
import org.attune.server.TestServer;
import org.attune.server.fault.Measured;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while the schema is made, or brought from an older state to a later one. {@code
 * -Dattune.kills=50} tries it longer.
 */
class MigrationKilledTest {

  private static final int RECORDS = 20_000;
  private static final long SEED = 11;

  @TempDir private Path folder;

  /** The PostgreSQL database of a round, or null for the embedded one. */
  ServerOptions.@Nullable PostgreSql shared(ServerOptions.@Nullable PostgreSql original) {
    return null;
  }

  private static Database old(Path at, ServerOptions.@Nullable PostgreSql shared) {
    return shared == null
        ? Databases.embedded(at, Clock.systemUTC())
        : Databases.postgresql(
            shared.address(), shared.user(), shared.password(), Clock.systemUTC());
  }

  /** A database as an earlier version of the server left it. */
  private static void fill(Path at, ServerOptions.@Nullable PostgreSql shared) {
    try (TestServer server = TestServer.over(at, shared)) {
      server.dataset(server.workspace());
    }
    try (Database database = old(at, shared)) {
      database.change(
          transaction -> {
            String dataset =
                transaction
                    .find("SELECT id FROM datasets", (row, index) -> row.getString(1))
                    .orElseThrow();
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
              rows.add(
                  new @Nullable Object[] {
                    "record-" + i, dataset, "{\"text\":\"" + "a".repeat(i % 500) + "\"}"
                  });
            }
            transaction.batch(
                "INSERT INTO records (id, dataset_id, fields, status, revision, inserted_at,"
                    + " updated_at) VALUES (?, ?, ?, 'pending', 1, 1, 1)",
                rows);
          });
    }
  }

  private static JavaProcess migrating(Path at, ServerOptions.@Nullable PostgreSql shared)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(at.toString()));
    if (shared != null) {
      arguments.addAll(List.of(shared.address(), shared.user()));
    }
    JavaProcess process = JavaProcess.start(List.of(), MigrationProcess.class, arguments);
    assertThat(process.line("begin")).as(process.log()).isNotEmpty();
    return process;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void leaves_the_schema_as_it_was_or_as_it_shall_be() throws Exception {
    int kills = Measured.kills(4);
    Path original = folder.resolve("original");
    ServerOptions.PostgreSql originalShared = shared(null);
    fill(original, originalShared);
    long longest = undisturbed(original, originalShared);
    Random random = new Random(SEED);
    int late = 0;
    for (int round = 0; round < kills; round++) {
      boolean isOlder = round % 2 == 0;
      Path at = folder.resolve("round-" + round);
      ServerOptions.PostgreSql shared = shared(isOlder ? originalShared : null);
      if (isOlder) {
        copy(original, at);
      }
      try (JavaProcess process = migrating(at, shared)) {
        TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * longest));
        process.kill();
        late += process.exitStatus() == 0 ? 1 : 0;
      }
      try (Database database = MigrationProcess.open(at, shared)) {
        check(database, isOlder ? RECORDS : 0);
      }
    }
    Measured.note(
        getClass(),
        "`kill -9` while the schema is made or changed, "
            + (originalShared == null ? "embedded" : "PostgreSQL"),
        kills + " kills, the next start goes on",
        (kills - late) + " before the end, every next start went on, no row lost");
  }

  /** How long it takes if nobody interferes. */
  private long undisturbed(Path original, ServerOptions.@Nullable PostgreSql originalShared)
      throws Exception {
    Path at = folder.resolve("undisturbed");
    ServerOptions.PostgreSql shared = shared(originalShared);
    copy(original, at);
    try (JavaProcess process = migrating(at, shared)) {
      long began = System.nanoTime();
      assertThat(process.line("end")).as(process.log()).isNotEmpty();
      return System.nanoTime() - began;
    }
  }

  private static void check(Database database, long records) {
    database.change(
        transaction -> {
          assertThat(
                  transaction.number("SELECT COUNT(*) FROM records WHERE letters = LENGTH(fields)"))
              .isEqualTo(records);
          assertThat(transaction.number("SELECT COUNT(*) FROM later_records")).isEqualTo(records);
          assertThat(transaction.number("SELECT COUNT(*) FROM flyway_schema_history WHERE success"))
              .isEqualTo(2);
          transaction.update("INSERT INTO server_state (name, value) VALUES ('checked', 'yes')");
        });
  }
}
