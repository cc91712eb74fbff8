package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.attune.server.Caller;
import org.attune.server.PostgreSqlCluster;
import org.attune.server.ServerOptions;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL ends and comes back while a server works with it. */
@Tag("postgresql")
class DatabaseGonePostgreSqlTest {

  private static final int WRITERS = 4;
  private static final int LONGEST_MILLIS = 1500;
  private static final long SEED = 17;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();
  private final ServerOptions.PostgreSql shared = cluster.database();

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void requests_are_told_so_and_work_again_as_soon_as_it_is_back(@TempDir Path folder)
      throws Exception {
    try (TestServer server = TestServer.over(folder, shared)) {
      String workspaces = "/api/v1/me/workspaces";
      Visitor visitor = new Visitor(server.address());
      visitor.signIn("owner", "owner's password");
      cluster.kill();

      long began = System.nanoTime();
      Caller.Answer answer = server.owner().get(workspaces);
      assertThat(System.nanoTime() - began).isLessThan(LONGEST_WAIT.toNanos());
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text("detail")).startsWith("The database cannot be reached");
      assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("5");
      var page = visitor.get("/datasets", "Accept", "text/html");
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.body()).contains("cannot be reached just now");

      cluster.startProcess();
      assertThat(server.owner().get(workspaces).status()).isEqualTo(200);
      assertThat(visitor.get("/datasets").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nothing_acknowledged_is_lost_if_it_is_killed_while_clients_write(@TempDir Path folder)
      throws Exception {
    int kills = Measured.kills(3);
    Random random = new Random(SEED);
    Workload workload;
    try (TestServer server = TestServer.over(folder, shared);
        Database database =
            Databases.postgresql(
                shared.address(), shared.user(), shared.password(), Clock.systemUTC())) {
      workload = new Workload(server.dataset(server.workspace()));
      AtomicBoolean goOn = new AtomicBoolean(true);
      ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
      for (int writer = 0; writer < WRITERS; writer++) {
        String prefix = "writer-" + writer;
        writers.execute(() -> workload.run(server.owner(), prefix, goOn::get));
      }
      for (int round = 0; round < kills; round++) {
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(LONGEST_MILLIS));
        cluster.killProcesses();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
        cluster.startProcess();
      }
      goOn.set(false);
      writers.shutdown();
      assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      workload.check(server.owner(), database);
    }
    Measured.note(
        getClass(),
        "`kill -9` of all of PostgreSQL under a running server",
        kills + " kills, nothing acknowledged is lost, no restart of the server",
        workload.acknowledged()
            + " acknowledged changes, 0 lost, 0 half, "
            + workload.unavailable()
            + " requests answered with 503");
  }
}
