package org.attune.server.argilla;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our pages add to saving responses: they tell which state they replace. */
final class SeenResponseTest {

  private TestServer server;
  private String recordId;

  @BeforeEach
  void start(@TempDir Path data) {
    server = TestServer.over(data);
    String dataset = server.dataset(server.workspace());
    recordId =
        String.valueOf(
            server
                .owner()
                .post(
                    "/api/v1/datasets/" + dataset + "/records/bulk",
                    Map.of("items", List.of(Map.of("fields", Map.of("text", "Hi")))))
                .items()
                .get(0)
                .get("id"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, @Nullable Object> save(String label, @Nullable Object seenAt) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("record_id", recordId);
    item.put("status", "draft");
    item.put("values", Map.of("label", Map.of("value", label)));
    item.put("seen_at", seenAt);
    Caller.Answer answer =
        server.owner().post("/api/v1/me/responses/bulk", Map.of("items", List.of(item)));
    return answer.items().get(0);
  }

  private static Object updatedAt(Map<String, @Nullable Object> outcome) {
    return String.valueOf(
        ((Map<?, ?>) Objects.requireNonNull(outcome.get("item"))).get("updated_at"));
  }

  @Test
  void a_response_that_was_seen_is_replaced() {
    Object first = updatedAt(save("yes", null));

    assertThat(save("no", first).get("error")).isNull();
  }

  @Test
  void a_response_that_was_not_seen_stays() {
    Object first = updatedAt(save("yes", null));
    Object second = updatedAt(save("no", first));

    assertThat(save("yes", null).get("error")).asString().contains("was changed at " + second);
    assertThat(save("yes", first).get("error")).asString().contains("Read it again and decide");
    assertThat(save("yes", second).get("error")).isNull();
  }
}
