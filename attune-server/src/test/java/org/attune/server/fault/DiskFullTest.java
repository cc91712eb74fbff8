package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.attune.server.Caller;
import org.attune.server.ServerProcess;
import org.attune.server.TestServer;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No space is left for the embedded database and the index, and then there is again. */
class DiskFullTest {

  private static final int WRITERS = 4;
  private static final int TIMES = 3;
  private static final long SOON_SECONDS = 30;

  private static String dataset(ServerProcess server) {
    Caller owner = server.owner();
    Object workspace = owner.get("/api/v1/me/workspaces").items().get(0).get("id");
    String id =
        owner
            .post(
                "/api/v1/datasets",
                Map.of("name", "disk", "workspace_id", String.valueOf(workspace)))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    owner.post(path + "/fields", TestServer.field("text", true));
    owner.post(path + "/questions", TestServer.labels());
    owner.post(path + "/questions", TestServer.rating());
    assertThat(owner.put(path + "/publish", null).status()).isEqualTo(200);
    return id;
  }

  private static Caller.Answer add(Caller owner, String dataset) {
    return owner.post(
        "/api/v1/datasets/" + dataset + "/records/bulk",
        Map.of("items", List.of(Map.of("fields", Map.of("text", "a text".repeat(1000))))));
  }

  /** Adds records until one is refused. */
  private static Caller.Answer refused(Caller owner, String dataset) {
    Caller.Answer answer = add(owner, dataset);
    for (int i = 0; answer.status() == 201 && i < 5_000; i++) {
      answer = add(owner, dataset);
    }
    return answer;
  }

  private static void untilAdded(Caller owner, String dataset) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON_SECONDS);
    while (add(owner, dataset).status() != 201) {
      assertThat(System.nanoTime()).as("the server recovers by itself").isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  @Test
  @Tag("mount")
  void a_full_disk_refuses_writes_goes_on_reading_and_recovers_by_itself(
      @TempDir Path folder, @TempDir Path copy) throws Exception {
    Disk disk = new Disk(folder);
    try (ServerProcess server = ServerProcess.over(folder, null, disk.prefix(48))) {
      assertThat(server.address()).as(server.log()).isNotEmpty();
      String dataset = dataset(server);
      Caller owner = server.owner();
      Workload workload = new Workload(dataset);
      AtomicBoolean goOn = new AtomicBoolean(true);
      ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
      for (int writer = 0; writer < WRITERS; writer++) {
        String prefix = "writer-" + writer;
        writers.execute(() -> workload.run(owner, prefix, goOn::get));
      }
      for (int time = 0; time < TIMES; time++) {
        TimeUnit.SECONDS.sleep(1);
        disk.fill(server);
        Caller.Answer refused = refused(owner, dataset);
        assertThat(refused.status()).as(refused.body()).isEqualTo(507);
        assertThat(refused.text("detail")).startsWith("No space is left where the data is");
        assertThat(owner.get("/api/v1/datasets/" + dataset + "/records?limit=5").items())
            .hasSize(5);
        disk.clear(server);
        untilAdded(owner, dataset);
      }
      goOn.set(false);
      writers.shutdown();
      assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      // nobody writes any more, and SQLite would follow the link out of the server's file system
      disk.copyTo(server, copy);
      try (Database database = Databases.embedded(copy, Clock.systemUTC())) {
        workload.check(owner, database);
      }
      Measured.note(
          getClass(),
          "the disk is full, embedded database and index",
          TIMES + " times: 507, reads go on, nothing acknowledged is lost, no restart",
          workload.acknowledged()
              + " acknowledged changes, 0 lost, 0 half, "
              + workload.unavailable()
              + " refused");
    }
  }

  @Test
  void a_file_that_may_not_grow_refuses_writes_and_recovers_by_itself(@TempDir Path folder)
      throws Exception {
    List<String> limited = List.of("bash", "-c", "ulimit -S -f 3000 && exec \"$@\"", "limited");
    try (ServerProcess server = ServerProcess.over(folder, null, limited)) {
      assertThat(server.address()).as(server.log()).isNotEmpty();
      String dataset = dataset(server);
      Caller.Answer refused = refused(server.owner(), dataset);
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(refused.text("detail")).startsWith("The data cannot be written");
      assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
      assertThat(server.owner().get("/api/v1/datasets/" + dataset + "/records").status())
          .isEqualTo(200);

      Process raised =
          new ProcessBuilder(
                  "prlimit", "--pid", Long.toString(server.pid()), "--fsize=unlimited:unlimited")
              .inheritIO()
              .start();
      assertThat(raised.waitFor()).isZero();
      untilAdded(server.owner(), dataset);
    }
    assertThat(Files.exists(folder.resolve("attune.db"))).isTrue();
  }
}
