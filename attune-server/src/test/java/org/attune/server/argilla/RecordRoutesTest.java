package org.attune.server.argilla;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordRoutesTest {

  private TestServer server;
  private Caller owner;
  private String workspace;
  private String path;

  @BeforeAll
  void start(@TempDir Path folder) {
    server = open(folder);
    owner = server.owner();
    workspace = server.workspace();
  }

  /** Over the embedded database; a subclass tries the same over another. */
  TestServer open(Path folder) {
    return TestServer.over(folder);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void a_dataset() {
    path = "/api/v1/datasets/" + server.dataset(workspace);
  }

  private Caller.Answer upsert(Object... items) {
    return owner.put(path + "/records/bulk", Map.of("items", List.of(items)));
  }

  private static Map<String, Object> record(String externalId, String text) {
    return Map.of("external_id", externalId, "fields", Map.of("text", text));
  }

  private Map<String, @Nullable Object> only() {
    List<Map<String, @Nullable Object>> all = list("?include=responses,suggestions,vectors");
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private List<Map<String, @Nullable Object>> list(String query) {
    Caller.Answer answer = owner.get(path + "/records" + query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.items();
  }

  @Nested
  class a_listed_record {

    @Test
    void has_the_keys_of_the_contract_and_times_with_six_digits_and_no_zone() {
      upsert(record("1", "Hello"));

      Map<String, @Nullable Object> record = list("").get(0);

      assertThat(record)
          .containsOnlyKeys(
              "id",
              "status",
              "fields",
              "metadata",
              "external_id",
              "dataset_id",
              "inserted_at",
              "updated_at");
      assertThat((String) record.get("inserted_at"))
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
    }

    @Test
    void shows_relations_that_were_asked_for_even_when_there_are_none() {
      upsert(record("1", "Hello"));

      assertThat(only())
          .containsEntry("responses", List.of())
          .containsEntry("suggestions", List.of())
          .containsEntry("vectors", Map.of());
    }

    @Test
    void comes_in_the_order_in_which_it_was_sent() {
      upsert(IntStream.range(0, 300).mapToObj(i -> record("r" + i, "text " + i)).toArray());

      List<Object> names = new ArrayList<>();
      for (int offset = 0; offset < 300; offset += 100) {
        list("?limit=100&offset=" + offset).forEach(item -> names.add(item.get("external_id")));
      }

      assertThat(names)
          .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(i -> "r" + i).toList());
    }
  }

  @Nested
  class an_upsert {

    @Test
    void finds_a_record_by_its_external_id_and_says_that_it_was_there() {
      Caller.Answer first = upsert(record("1", "Hello"));
      Caller.Answer second = upsert(record("2", "new"), record("1", "changed"));

      assertThat(second.items())
          .extracting(item -> item.get("external_id"))
          .containsExactly("2", "1");
      assertThat(second.json().get("updated_item_ids"))
          .isEqualTo(List.of(String.valueOf(first.items().get(0).get("id"))));
      assertThat(list("").get(0).get("fields")).isEqualTo(Map.of("text", "changed"));
    }

    @Test
    void finds_a_record_by_its_id_where_the_external_id_is_an_invented_one() {
      owner.post(
          path + "/records", Map.of("items", List.of(Map.of("fields", Map.of("text", "old")))));
      Object id = only().get("id");

      upsert(Map.of("id", id, "external_id", "invented", "fields", Map.of("text", "new")));

      assertThat(only()).containsEntry("id", id).containsEntry("external_id", null);
    }

    @Test
    void joins_suggestions_and_vectors_to_those_that_are_there() {
      Map<String, Object> withVector = new HashMap<>(record("1", "Hello"));
      withVector.put("vectors", Map.of("meaning", List.of(1, 2, 3)));
      upsert(withVector);
      Map<String, Object> withSuggestion = new HashMap<>(record("1", "Hello"));
      withSuggestion.put(
          "suggestions", List.of(Map.of("question_name", "label", "value", "yes", "score", 0.5)));
      upsert(withSuggestion);

      Map<String, @Nullable Object> record = only();

      assertThat(record.get("vectors")).isEqualTo(Map.of("meaning", List.of(1.0, 2.0, 3.0)));
      assertThat((List<?>) record.get("suggestions")).hasSize(1);
    }

    @Test
    void is_refused_as_a_whole_and_names_the_place_of_every_faulty_record() {
      Caller.Answer answer =
          upsert(
              record("1", "fine"),
              Map.of("fields", Map.of("note", "no text")),
              Map.of("fields", Map.of("text", 3)));

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.text("detail")).contains("position 1", "position 2", "text");
      assertThat(list("")).isEmpty();
    }

    @Test
    void takes_500_records_and_not_501() {
      Object[] most = IntStream.range(0, 500).mapToObj(i -> record("r" + i, "text")).toArray();
      Object[] tooMany = IntStream.range(0, 501).mapToObj(i -> record("r" + i, "text")).toArray();

      assertThat(upsert(most).status()).isEqualTo(200);
      assertThat(upsert(tooMany).status()).isEqualTo(422);
    }

    @Test
    void refuses_the_same_external_id_twice() {
      assertThat(upsert(record("1", "one"), record("1", "two")).status()).isEqualTo(422);
    }
  }

  @Nested
  class a_response {

    private Map<String, Object> submitted(String label) {
      return Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label)));
    }

    private String recordId() {
      upsert(record("1", "Hello"));
      return String.valueOf(only().get("id"));
    }

    @Test
    void completes_its_record_once_as_many_as_wanted_are_submitted() {
      owner.patch(path, Map.of("distribution", Map.of("strategy", "overlap", "min_submitted", 2)));
      String id = recordId();
      TestServer.Person ann = server.person("annotator", workspace);

      ann.caller().post("/api/v1/records/" + id + "/responses", submitted("yes"));
      assertThat(only()).containsEntry("status", "pending");
      Caller.Answer second = owner.post("/api/v1/records/" + id + "/responses", submitted("no"));
      assertThat(only()).containsEntry("status", "completed");
      owner.delete("/api/v1/responses/" + second.text("id"));
      assertThat(only()).containsEntry("status", "pending");
    }

    @Test
    void is_given_once_and_then_changed() {
      String id = recordId();

      assertThat(owner.post("/api/v1/records/" + id + "/responses", submitted("yes")).status())
          .isEqualTo(201);
      assertThat(owner.post("/api/v1/records/" + id + "/responses", submitted("yes")).status())
          .isEqualTo(409);
    }

    @Test
    void must_answer_required_questions_when_submitted() {
      String id = recordId();

      Caller.Answer answer =
          owner.post(
              "/api/v1/records/" + id + "/responses",
              Map.of("status", "submitted", "values", Map.of("rating", Map.of("value", 3))));

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.text("detail")).contains("label", "must be answered");
    }

    @Test
    void takes_a_rating_only_as_a_whole_number() {
      String id = recordId();
      for (Object wrong : List.of("3", 3.0, 6)) {
        Caller.Answer answer =
            owner.post(
                "/api/v1/records/" + id + "/responses",
                Map.of("status", "draft", "values", Map.of("rating", Map.of("value", wrong))));
        assertThat(answer.status()).as("%s", wrong).isEqualTo(422);
      }
    }

    @Test
    void of_a_bulk_is_saved_even_if_another_cannot_be() {
      String id = recordId();
      Map<String, Object> good = new HashMap<>(submitted("yes"));
      good.put("record_id", id);
      Map<String, Object> bad = new HashMap<>(submitted("perhaps"));
      bad.put("record_id", id);

      Caller.Answer answer =
          owner.post("/api/v1/me/responses/bulk", Map.of("items", List.of(bad, good)));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.items().get(0).get("item")).isNull();
      assertThat(String.valueOf(answer.items().get(0).get("error"))).contains("perhaps");
      assertThat(answer.items().get(1).get("error")).isNull();
    }

    @Test
    void of_another_person_is_nothing_an_annotator_may_change() {
      String id = recordId();
      Caller.Answer given = owner.post("/api/v1/records/" + id + "/responses", submitted("yes"));
      TestServer.Person ann = server.person("annotator", workspace);

      assertThat(
              ann.caller().put("/api/v1/responses/" + given.text("id"), submitted("no")).status())
          .isEqualTo(403);
    }
  }

  @Nested
  class deleting {

    @Test
    void takes_up_to_100_ids_and_leaves_the_others() {
      upsert(record("1", "one"), record("2", "two"));
      Object id = list("").get(0).get("id");

      assertThat(owner.delete(path + "/records?ids=" + id).status()).isEqualTo(204);

      assertThat(only()).containsEntry("external_id", "2");
    }

    @Test
    void does_nothing_to_records_of_another_dataset() {
      upsert(record("1", "one"));
      Object id = list("").get(0).get("id");
      String other = server.dataset(workspace);

      owner.delete("/api/v1/datasets/" + other + "/records?ids=" + id);

      assertThat(list("")).hasSize(1);
    }
  }
}
