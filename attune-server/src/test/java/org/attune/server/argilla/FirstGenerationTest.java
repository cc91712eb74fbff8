package org.attune.server.argilla;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the first generation ask in ways of their own. */
class FirstGenerationTest {

  private TestServer server;
  private String records;

  @BeforeEach
  void four_records(@TempDir Path folder) {
    server = TestServer.over(folder);
    records = "/api/v1/datasets/" + server.dataset(server.workspace()) + "/records";
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      items.add(
          Map.of(
              "external_id", "r" + i,
              "fields", Map.of("text", "text " + i),
              "metadata", Map.of("length", i),
              "vectors", Map.of("meaning", List.of(1, i, 0))));
    }
    assertThat(server.owner().post(records, Map.of("items", items)).status()).isEqualTo(204);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void an_order_may_have_the_name_of_its_python_class() {
    assertThat(names(server.owner().get(records + "?sort_by=inserted_at:SortOrder.desc")))
        .containsExactly("r3", "r2", "r1", "r0");
    assertThat(names(server.owner().get(records + "?sort_by=metadata.length:SortOrder.asc")))
        .containsExactly("r0", "r1", "r2", "r3");
  }

  @Test
  void an_unknown_order_is_refused() {
    assertThat(server.owner().get(records + "?sort_by=inserted_at:down").status()).isEqualTo(422);
  }

  @Test
  void a_search_by_a_vector_obeys_the_filters_of_its_query() {
    String filter = URLEncoder.encode("length:{\"ge\": 1, \"le\": 2}", StandardCharsets.UTF_8);
    Map<String, Object> near =
        Map.of("query", Map.of("vector", Map.of("name", "meaning", "value", List.of(1, 0, 0))));

    Caller.Answer found =
        server.owner().post(records + "/search?limit=50&metadata=" + filter, near);

    assertThat(
            found.items().stream()
                .map(item -> (Map<?, ?>) Objects.requireNonNull(item.get("record")))
                .map(record -> String.valueOf(record.get("external_id"))))
        .containsExactly("r1", "r2");
    assertThat(server.owner().post(records + "/search?response_status=submitted", near).items())
        .isEmpty();
  }

  @Test
  void the_status_tells_of_a_search_engine() {
    Map<String, @Nullable Object> status = server.owner().get("/api/_status").json();

    assertThat(status.get("elasticsearch"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsKeys("name", "cluster_name", "cluster_uuid", "version", "tagline");
  }

  private static List<String> names(Caller.Answer answer) {
    return answer.items().stream().map(item -> String.valueOf(item.get("external_id"))).toList();
  }
}
