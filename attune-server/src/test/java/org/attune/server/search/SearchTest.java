package org.attune.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {

  private Path folder;
  private TestServer server;
  private String dataset;

  @BeforeEach
  void ten_records(@TempDir Path folder) {
    this.folder = folder;
    server = open(folder);
    dataset = server.dataset(server.workspace());
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      items.add(
          Map.of(
              "external_id",
              "r" + i,
              "fields",
              Map.of("text", "A cat, number" + i, "note", i % 2 == 0 ? "Café noir" : "tea"),
              "metadata",
              Map.of("length", i, "source", i < 5 ? "book" : "web"),
              "vectors",
              Map.of("meaning", i == 9 ? List.of(0, 0, 0) : List.of(1, i, 0)),
              "suggestions",
              List.of(
                  Map.of(
                      "question_name",
                      "label",
                      "value",
                      i < 3 ? "yes" : "no",
                      "score",
                      i / 10.0,
                      "agent",
                      "judge",
                      "type",
                      i < 2 ? "human" : "model"))));
    }
    server.owner().put(path("/records/bulk"), Map.of("items", items));
  }

  /** Over the embedded database; a subclass tries the same over another. */
  protected TestServer open(Path folder) {
    return TestServer.over(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String path(String rest) {
    return "/api/v1/datasets/" + dataset + rest;
  }

  private List<Object> found(Object body) {
    return found(server.owner(), path("/records/search"), body);
  }

  private static List<Object> found(Caller caller, String path, Object body) {
    Caller.Answer answer = caller.post(path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.items().stream()
        .map(item -> (Map<?, ?>) Objects.requireNonNull(item.get("record")))
        .map(record -> (Object) String.valueOf(record.get("external_id")))
        .toList();
  }

  private static Map<String, Object> text(String words) {
    return Map.of("query", Map.of("text", Map.of("q", words)));
  }

  private static Map<String, Object> where(Map<String, Object> filter) {
    return Map.of("filters", Map.of("and", List.of(filter)));
  }

  @Nested
  class words {

    @Test
    void must_all_occur_and_may_be_spread_over_fields() {
      assertThat(found(text("number4 cafe"))).containsExactly("r4");
      assertThat(found(text("number4 tea"))).isEmpty();
    }

    @Test
    void can_be_asked_of_one_field() {
      assertThat(found(Map.of("query", Map.of("text", Map.of("q", "number4", "field", "note")))))
          .isEmpty();
    }

    @Test
    void of_a_field_that_does_not_exist_are_refused() {
      assertThat(
              server
                  .owner()
                  .post(
                      path("/records/search"),
                      Map.of("query", Map.of("text", Map.of("q", "a", "field", "nothing"))))
                  .status())
          .isEqualTo(422);
    }

    @Test
    void know_or_not_and_phrases() {
      assertThat(found(text("number1 | number2"))).containsExactlyInAnyOrder("r1", "r2");
      assertThat(found(text("\"noir cafe\""))).isEmpty();
    }
  }

  @Nested
  class filters {

    @Test
    void look_at_metadata() {
      assertThat(
              found(
                  where(
                      Map.of(
                          "type",
                          "range",
                          "scope",
                          Map.of("entity", "metadata", "metadata_property", "length"),
                          "ge",
                          3,
                          "le",
                          4))))
          .containsExactly("r3", "r4");
      assertThat(
              found(
                  where(
                      Map.of(
                          "type",
                          "terms",
                          "scope",
                          Map.of("entity", "metadata", "metadata_property", "source"),
                          "values",
                          List.of("web")))))
          .containsExactly("r5", "r6", "r7", "r8", "r9");
    }

    @Test
    void look_at_suggestions() {
      assertThat(
              found(
                  where(
                      Map.of(
                          "type",
                          "terms",
                          "scope",
                          Map.of("entity", "suggestion", "question", "label"),
                          "values",
                          List.of("yes")))))
          .containsExactly("r0", "r1", "r2");
      assertThat(
              found(
                  where(
                      Map.of(
                          "type",
                          "range",
                          "scope",
                          Map.of("entity", "suggestion", "question", "label", "property", "score"),
                          "ge",
                          0.8))))
          .containsExactly("r8", "r9");
      assertThat(
              found(
                  where(
                      Map.of(
                          "type",
                          "terms",
                          "scope",
                          Map.of("entity", "suggestion", "question", "label", "property", "type"),
                          "values",
                          List.of("human")))))
          .containsExactly("r0", "r1");
    }

    @Test
    void find_what_is_pending_for_somebody() {
      Caller owner = server.owner();
      Object first = owner.get(path("/records")).items().get(0).get("id");
      owner.post(
          "/api/v1/records/" + first + "/responses",
          Map.of("status", "draft", "values", Map.of("label", Map.of("value", "yes"))));
      Map<String, Object> pending =
          where(
              Map.of(
                  "type",
                  "terms",
                  "scope",
                  Map.of("entity", "response", "property", "status"),
                  "values",
                  List.of("pending")));

      assertThat(found(owner, "/api/v1/me/datasets/" + dataset + "/records/search", pending))
          .hasSize(9)
          .doesNotContain("r0");
    }
  }

  @Nested
  class order {

    @Test
    void follows_the_keys_in_both_directions() {
      assertThat(
              found(
                  Map.of(
                      "sort",
                      List.of(
                          Map.of(
                              "scope",
                              Map.of("entity", "metadata", "metadata_property", "source"),
                              "order",
                              "desc"),
                          Map.of(
                              "scope",
                              Map.of("entity", "metadata", "metadata_property", "length"),
                              "order",
                              "desc")))))
          .startsWith("r9", "r8")
          .endsWith("r0");
    }
  }

  @Nested
  class similarity {

    private Map<String, Object> near(Object key, Object value, String order) {
      return Map.of(
          "query",
          Map.of("vector", Map.of("name", "meaning", key.toString(), value, "order", order)));
    }

    @Test
    void ranks_by_cosine_and_leaves_zero_vectors_out() {
      assertThat(found(near("value", List.of(1, 8, 0), "most_similar")))
          .startsWith("r8", "r7")
          .doesNotContain("r9")
          .hasSize(9);
      assertThat(found(near("value", List.of(1, 8, 0), "least_similar"))).startsWith("r0", "r1");
    }

    @Test
    void leaves_out_the_record_that_gave_the_vector() {
      Object id = server.owner().get(path("/records")).items().get(8).get("id");

      assertThat(found(near("record_id", String.valueOf(id), "most_similar"))).startsWith("r7");
    }

    @Test
    void finds_nothing_near_a_vector_without_direction() {
      assertThat(found(near("value", List.of(0, 0, 0), "most_similar"))).isEmpty();
    }

    @Test
    void needs_a_vector_of_the_right_length() {
      assertThat(
              server
                  .owner()
                  .post(path("/records/search"), near("value", List.of(1, 2), "most_similar"))
                  .status())
          .isEqualTo(422);
    }
  }

  @Nested
  class the_index {

    @Test
    void finds_what_was_written_just_before() {
      for (int i = 0; i < 20; i++) {
        server
            .owner()
            .put(
                path("/records/bulk"),
                Map.of(
                    "items",
                    List.of(
                        Map.of("external_id", "x" + i, "fields", Map.of("text", "fresh" + i)))));
        assertThat(found(text("fresh" + i))).containsExactly("x" + i);
      }
    }

    @Test
    void forgets_what_was_deleted() {
      Object id = server.owner().get(path("/records")).items().get(4).get("id");
      assertThat(found(text("number4"))).hasSize(1);

      server.owner().delete(path("/records?ids=" + id));

      assertThat(found(text("number4"))).isEmpty();
    }

    @Test
    void is_made_again_from_the_database_if_it_was_lost() throws IOException {
      assertThat(found(text("number4"))).hasSize(1);
      server.close();
      deleteIndex();
      server = open(folder);

      assertThat(found(text("number4"))).containsExactly("r4");
    }

    @Test
    void is_made_again_if_it_was_damaged() throws IOException {
      assertThat(found(text("number4"))).hasSize(1);
      server.close();
      try (var files = Files.walk(folder.resolve("index"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.writeString(file, "damaged");
        }
      }
      server = open(folder);

      assertThat(found(text("number4"))).containsExactly("r4");
    }

    private void deleteIndex() throws IOException {
      try (var files = Files.walk(folder.resolve("index"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
