package org.attune.server.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.json.Json;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetPagesTest {

  private TestServer server;
  private Visitor owner;
  private String workspace;
  private String id;
  private TestServer.Person first;
  private TestServer.Person second;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    server = TestServer.over(data);
    workspace = server.workspace();
    id = server.dataset(workspace);
    first = server.person("annotator", workspace);
    second = server.person("annotator", workspace);
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
    add("agreed");
    add("=cmd|'/c calc'!A1");
    answer(first, 0, "yes");
    answer(second, 0, "yes");
    answer(first, 1, "no");
    answer(second, 1, "yes");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void add(String text) {
    server
        .owner()
        .post(
            "/api/v1/datasets/" + id + "/records/bulk",
            Map.of("items", List.of(Map.of("fields", Map.of("text", text)))));
  }

  private String recordId(int position) {
    return String.valueOf(
        server.owner().get("/api/v1/datasets/" + id + "/records").items().get(position).get("id"));
  }

  private void answer(TestServer.Person person, int position, String label) {
    person
        .caller()
        .post(
            "/api/v1/records/" + recordId(position) + "/responses",
            Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label))));
  }

  private String page() throws Exception {
    return owner.get("/dataset/" + id + "/settings").body();
  }

  private HttpResponse<String> export(String query) throws Exception {
    return owner.get("/api/attune/datasets/" + id + "/export?" + query);
  }

  @Test
  void the_page_tells_progress_distribution_and_agreement() throws Exception {
    assertThat(page())
        .contains("2 of 2")
        .contains(first.username())
        .contains("75 % (3 of 4)")
        .contains("from 2 records with 4 answers");
  }

  @Nested
  class Settings {

    @Test
    void can_be_changed_and_each_change_is_kept_as_a_version() throws Exception {
      owner.post(
          "/dataset/" + id + "/settings",
          Map.of("name", "renamed", "minSubmitted", "3", "guidelines", "Read twice."));

      assertThat(page())
          .contains("renamed")
          .contains("Read twice.")
          .contains("0 of 2")
          .contains("by owner");
      assertThat(
              owner
                  .post("/dataset/" + id + "/settings", Map.of("name", "x", "minSubmitted", "0"))
                  .statusCode())
          .isEqualTo(422);
    }

    @Test
    void go_with_the_dataset_only_if_its_name_is_typed() throws Exception {
      String path = "/dataset/" + id + "/settings/delete";
      String name = server.owner().get("/api/v1/datasets/" + id).text("name");

      assertThat(owner.post(path, Map.of("name", "other")).statusCode()).isEqualTo(422);
      assertThat(owner.post(path, Map.of("name", name)).statusCode()).isEqualTo(302);
      assertThat(server.owner().get("/api/v1/datasets/" + id).status()).isEqualTo(404);
    }
  }

  @Nested
  class Review {

    private HttpResponse<String> decide(String choice, String override) throws Exception {
      return owner.post(
          "/dataset/" + id + "/review",
          Map.of(
              "record", recordId(1), "at", "1", "final.label", choice, "override.label", override));
    }

    @Test
    void begins_with_what_people_disagree_on() throws Exception {
      assertThat(owner.get("/dataset/" + id + "/review").body())
          .contains("=cmd|")
          .contains("≠ disagreement")
          .contains("1 with disagreement, 0 with final answers");
      assertThat(owner.get("/dataset/" + id + "/review?at=2").body())
          .contains("agreed")
          .doesNotContain("≠ disagreement");
    }

    @Test
    void makes_an_answer_final_apart_from_what_people_said() throws Exception {
      decide(first.id(), "");

      assertThat(owner.get("/dataset/" + id + "/review").body()).contains("✓ final: no");
      assertThat(export("answers=unified").body()).contains("\"strategy\":\"adjudicated\"");
      assertThat(server.owner().get("/api/v1/datasets/" + id + "/records?include=responses").body())
          .doesNotContain("adjudicat");
    }

    @Test
    void overrides_and_takes_back() throws Exception {
      decide("override", "yes");
      assertThat(owner.get("/dataset/" + id + "/review").body()).contains("✓ final: yes");
      decide("none", "");

      assertThat(owner.get("/dataset/" + id + "/review").body()).doesNotContain("✓ final");
    }

    @Test
    void refuses_an_answer_that_the_question_does_not_have() throws Exception {
      assertThat(decide("override", "perhaps").statusCode()).isEqualTo(422);
      assertThat(decide("nobody", "").statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class Export {

    @Test
    void as_lines_holds_every_record_with_its_answers() throws Exception {
      List<String> lines = export("format=jsonl").body().lines().toList();

      assertThat(lines).hasSize(2);
      assertThat(Json.object(lines.get(0)).get("fields")).isEqualTo(Map.of("text", "agreed"));
      assertThat(String.valueOf(Json.object(lines.get(0)).get("responses"))).contains("yes");
    }

    @Test
    void as_a_table_lets_no_text_be_a_formula() throws Exception {
      HttpResponse<String> csv = export("format=csv");

      assertThat(csv.headers().firstValue("Content-Disposition").orElseThrow()).contains(".csv");
      assertThat(csv.body())
          .contains("\"'=cmd|'/c calc'!A1\"")
          .doesNotContain(",\"=cmd")
          .contains("\"submitted\"");
    }

    @Test
    void unifies_by_a_chosen_strategy_and_refuses_an_unknown_one() throws Exception {
      assertThat(export("answers=unified&strategy.label=disagreement").body())
          .contains("\"strategy\":\"disagreement\"");
      assertThat(export("answers=unified&strategy.label=none").statusCode()).isEqualTo(422);
    }

    @Test
    void as_parquet_and_in_the_hub_layout_begins_with_their_marks() throws Exception {
      assertThat(export("format=parquet").body()).startsWith("PAR1");
      assertThat(export("format=hub").body()).startsWith("PK");
    }

    @Test
    void as_training_rows_says_what_the_dataset_lacks() throws Exception {
      HttpResponse<String> refused = export("format=training&task=reward-modeling");

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("The dataset has no field", "prompt");
    }
  }

  @Test
  void annotators_and_strangers_see_none_of_it() throws Exception {
    TestServer.Person stranger = server.person("admin", server.workspace());
    for (TestServer.Person person : List.of(first, stranger)) {
      Visitor visitor = new Visitor(server.address());
      visitor.signIn(person.username(), "a long password");
      String path = "/dataset/" + id;

      assertThat(visitor.get(path + "/settings").statusCode()).isEqualTo(403);
      assertThat(visitor.get(path + "/review").statusCode()).isEqualTo(403);
      assertThat(visitor.get("/api/attune/datasets/" + id + "/export").statusCode()).isEqualTo(403);
      for (String change :
          List.of(
              "/settings",
              "/settings/delete",
              "/questions",
              "/questions/x",
              "/questions/x/up",
              "/questions/x/retire")) {
        assertThat(visitor.post(path + change, Map.of()).statusCode()).as(change).isEqualTo(403);
      }
      assertThat(visitor.post(path + "/review", Map.of("record", recordId(0))).statusCode())
          .isEqualTo(403);
    }
  }
}
