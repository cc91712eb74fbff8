package org.attune.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while records arrive, answers are submitted and the index is written. {@code
 * -Dattune.kills=50} tries it longer.
 */
class ServerKilledTest {

  private static final int WRITERS = 4;
  private static final int LONGEST_MILLIS = 1500;
  private static final long SEED = 7;

  private final Set<String> acknowledgedRecords = ConcurrentHashMap.newKeySet();
  private final Map<String, String> acknowledgedAnswers = new ConcurrentHashMap<>();

  @Test
  void loses_nothing_that_was_acknowledged(@TempDir Path folder) throws Exception {
    int kills = Integer.getInteger("attune.kills", 3);
    Random random = new Random(SEED);
    String dataset;
    try (TestServer server = TestServer.over(folder)) {
      dataset = server.dataset(server.workspace());
    }
    for (int round = 0; round < kills; round++) {
      ServerProcess process = ServerProcess.over(folder);
      ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
      for (int writer = 0; writer < WRITERS; writer++) {
        String prefix = round + "-" + writer;
        writers.execute(() -> write(process.owner(), dataset, prefix));
      }
      TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(LONGEST_MILLIS));
      process.kill();
      writers.shutdown();
      assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    try (TestServer server = TestServer.over(folder)) {
      check(server.owner(), dataset);
    }
  }

  /** Adds records and answers them until the server is gone. */
  private void write(Caller caller, String dataset, String prefix) {
    try {
      for (int i = 0; ; i++) {
        String bulk = prefix + "-" + i;
        List<Map<String, Object>> items =
            IntStream.range(0, 20)
                .mapToObj(
                    k ->
                        Map.<String, Object>of(
                            "external_id", bulk + "-" + k, "fields", Map.of("text", "a text")))
                .toList();
        Caller.Answer answer =
            caller.put("/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", items));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        for (Map<String, @Nullable Object> item : answer.items()) {
          acknowledgedRecords.add(String.valueOf(item.get("external_id")));
          ids.add(String.valueOf(item.get("id")));
        }
        for (int k = 0; k < 5; k++) {
          String label = k % 2 == 0 ? "yes" : "no";
          Caller.Answer saved =
              caller.post(
                  "/api/v1/records/" + ids.get(k) + "/responses",
                  Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label))));
          assertThat(saved.status()).as(saved.body()).isEqualTo(201);
          acknowledgedAnswers.put(ids.get(k), label);
        }
      }
    } catch (AssertionError e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      } // the server was killed: what it did not acknowledge may be there or not
    }
  }

  private void check(Caller owner, String dataset) {
    Map<String, @Nullable Object> answers = new HashMap<>();
    Set<String> records = new HashSet<>();
    String path = "/api/v1/datasets/" + dataset + "/records";
    for (int offset = 0; ; offset += 500) {
      List<Map<String, @Nullable Object>> page =
          owner.get(path + "?include=responses&limit=500&offset=" + offset).items();
      if (page.isEmpty()) {
        break;
      }
      for (Map<String, @Nullable Object> record : page) {
        assertThat(records.add(String.valueOf(record.get("external_id")))).isTrue();
        List<?> responses = (List<?>) record.get("responses");
        if (responses != null && !responses.isEmpty()) {
          Map<?, ?> values = (Map<?, ?>) ((Map<?, ?>) responses.get(0)).get("values");
          Object label = values == null ? null : values.get("label");
          answers.put(
              String.valueOf(record.get("id")),
              label instanceof Map<?, ?> m ? m.get("value") : null);
          assertThat(record.get("status")).isEqualTo("completed");
        }
      }
    }
    assertThat(acknowledgedRecords).isNotEmpty();
    assertThat(records).containsAll(acknowledgedRecords);
    assertThat(answers).containsAllEntriesOf(acknowledgedAnswers);
    Caller.Answer found =
        owner.post(path + "/search?limit=1", Map.of("query", Map.of("text", Map.of("q", "text"))));
    assertThat(found.json().get("total")).isEqualTo(records.size());
  }
}
