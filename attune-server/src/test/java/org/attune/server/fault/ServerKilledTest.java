package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.attune.server.ServerOptions;
import org.attune.server.ServerProcess;
import org.attune.server.TestServer;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the server while records arrive, are answered, corrected and deleted. {@code
 * -Dattune.kills=50} tries it longer.
 */
class ServerKilledTest {

  private static final int WRITERS = 4;
  private static final int LONGEST_MILLIS = 2500;
  private static final long SEED = 7;

  /** The PostgreSQL database to use, or null for the embedded one. */
  ServerOptions.@Nullable PostgreSql shared() {
    return null;
  }

  private static Database opened(Path folder, ServerOptions.@Nullable PostgreSql shared) {
    return shared == null
        ? Databases.embedded(folder, Clock.systemUTC())
        : Databases.postgresql(
            shared.address(), shared.user(), shared.password(), Clock.systemUTC());
  }

  @Test
  void loses_nothing_that_was_acknowledged(@TempDir Path folder) throws Exception {
    int kills = Measured.kills(3);
    ServerOptions.PostgreSql shared = shared();
    Random random = new Random(SEED);
    String dataset;
    try (TestServer server = TestServer.over(folder, shared)) {
      dataset = server.dataset(server.workspace());
    }
    Workload workload = new Workload(dataset);
    for (int round = 0; round < kills; round++) {
      try (ServerProcess server = ServerProcess.over(folder, shared)) {
        assertThat(server.address()).as(server.log()).isNotEmpty();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        for (int writer = 0; writer < WRITERS; writer++) {
          String prefix = round + "-" + writer;
          writers.execute(() -> workload.run(server.owner(), prefix, () -> true));
        }
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(LONGEST_MILLIS));
        server.kill();
        writers.shutdown();
        assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      }
    }
    try (TestServer server = TestServer.over(folder, shared);
        Database database = opened(folder, shared)) {
      workload.check(server.owner(), database);
    }
    Measured.note(
        getClass(),
        "`kill -9` of the server in ingest, submit, correction and deletion, "
            + (shared == null ? "embedded" : "PostgreSQL"),
        kills + " kills, nothing acknowledged is lost, no half change",
        workload.acknowledged() + " acknowledged changes, 0 lost, 0 half, search agrees");
  }
}
