package org.attune.server.question;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only our own routes know never appears on Argilla's. */
class RetiredQuestionTest {

  private TestServer server;
  private Caller owner;
  private String id;
  private String rating;
  private String record;

  @BeforeEach
  void answers_and_suggestions_to_two_questions(@TempDir Path folder) {
    server = TestServer.over(folder);
    owner = server.owner();
    id = server.dataset(server.workspace());
    rating = String.valueOf(owner.get(path("/questions")).items().get(1).get("id"));
    owner.put(
        path("/records/bulk"),
        Map.of(
            "items",
            List.of(
                Map.of(
                    "fields",
                    Map.of("text", "Hello"),
                    "suggestions",
                    List.of(Map.of("question_id", rating, "value", 3, "agent", "m-1"))))));
    record = String.valueOf(owner.get(path("/records")).items().get(0).get("id"));
    owner.post(
        "/api/v1/records/" + record + "/responses",
        Map.of(
            "status",
            "submitted",
            "values",
            Map.of("label", Map.of("value", "yes"), "rating", Map.of("value", 4))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String path(String rest) {
    return "/api/v1/datasets/" + id + rest;
  }

  private List<String> everythingArgillaShows() {
    return List.of(
        owner.get(path("/questions")).body(),
        owner.get(path("/records?include=responses,suggestions")).body(),
        owner.post(path("/records/search?include=responses&include=suggestions"), Map.of()).body(),
        owner.get("/api/v1/records/" + record).body(),
        owner.get("/api/v1/records/" + record + "/suggestions").body(),
        owner.get(path("/records/search/suggestions/options")).body());
  }

  @Test
  void a_retired_question_and_what_was_said_about_it_are_gone_from_every_list() {
    assertThat(everythingArgillaShows())
        .allMatch(body -> body.contains("rating") || body.contains(rating));

    assertThat(owner.delete("/api/attune/datasets/" + id + "/questions/" + rating).status())
        .isEqualTo(200);

    assertThat(everythingArgillaShows())
        .noneMatch(body -> body.contains("rating") || body.contains(rating));
  }

  @Test
  void a_retired_question_can_be_neither_changed_nor_searched_nor_answered() {
    owner.delete("/api/attune/datasets/" + id + "/questions/" + rating);

    assertThat(owner.patch("/api/v1/questions/" + rating, Map.of("title", "T")).status())
        .isEqualTo(404);
    assertThat(
            owner
                .post(
                    path("/records/search"),
                    Map.of(
                        "filters",
                        Map.of(
                            "and",
                            List.of(
                                Map.of(
                                    "type",
                                    "terms",
                                    "scope",
                                    Map.of("entity", "response", "question", "rating"),
                                    "values",
                                    List.of("4"))))))
                .status())
        .isEqualTo(422);
    assertThat(
            owner
                .post(
                    "/api/v1/me/responses/bulk",
                    Map.of(
                        "items",
                        List.of(
                            Map.of(
                                "record_id",
                                record,
                                "status",
                                "draft",
                                "values",
                                Map.of("rating", Map.of("value", 4))))))
                .body())
        .contains("\"item\":null");
  }

  @Test
  void an_adjudicated_answer_is_nowhere_on_argillas_routes() throws Exception {
    Visitor lead = new Visitor(server.address());
    lead.signIn("owner", "owner's password");
    List<String> before = everythingArgillaShows();

    lead.post(
        "/dataset/" + id + "/review",
        Map.of("record", record, "at", "1", "final.label", "override", "override.label", "no"));

    assertThat(lead.get("/dataset/" + id + "/review").body()).contains("✓ final: no");
    assertThat(everythingArgillaShows()).isEqualTo(before);
  }
}
