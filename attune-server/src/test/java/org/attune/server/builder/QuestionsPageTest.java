package org.attune.server.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuestionsPageTest {

  private TestServer server;
  private Visitor owner;
  private TestServer.Person annotator;
  private String id;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    server = TestServer.over(data);
    String workspace = server.workspace();
    id = server.dataset(workspace);
    annotator = server.person("annotator", workspace);
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String path() {
    return "/dataset/" + id + "/questions";
  }

  private List<Map<String, Object>> questions() {
    return server.owner().get("/api/v1/datasets/" + id + "/questions").items();
  }

  private Map<String, Object> question(String name) {
    return questions().stream()
        .filter(question -> name.equals(question.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> save(String name, Map<String, String> changes) throws Exception {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("title", "Title");
    form.put("options", "yes: Yes\nno: No");
    form.put("required", "on");
    form.putAll(changes);
    form.values().removeIf(String::isEmpty);
    return owner.post(path() + "/" + question(name).get("id"), form);
  }

  private String record() {
    String records = "/api/v1/datasets/" + id + "/records";
    server
        .owner()
        .post(
            records + "/bulk", Map.of("items", List.of(Map.of("fields", Map.of("text", "Words")))));
    return String.valueOf(server.owner().get(records).items().get(0).get("id"));
  }

  private void answer(String record, String label) {
    annotator
        .caller()
        .post(
            "/api/v1/records/" + record + "/responses",
            Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label))));
  }

  @Test
  void are_added_after_publishing_and_nobody_has_to_answer_them() throws Exception {
    owner.post(path(), Map.of("title", "Why?", "type", "text", "name", "why", "required", "on"));

    assertThat(questions()).last().extracting("name", "required").containsExactly("why", false);
  }

  @Test
  void lose_a_retired_one_but_not_the_last_required_one() throws Exception {
    owner.post(path() + "/" + question("rating").get("id") + "/retire", Map.of());

    assertThat(questions()).hasSize(1);
    String last = path() + "/" + question("label").get("id") + "/retire";
    assertThat(owner.post(last, Map.of()).statusCode()).isEqualTo(422);
    assertThat(questions()).hasSize(1);
  }

  @Test
  void change_their_order() throws Exception {
    owner.post(path() + "/" + question("rating").get("id") + "/up", Map.of());

    assertThat(questions()).extracting("name").containsExactly("rating", "label");
    assertThat(owner.get(path()).body()).contains("Move Label up");
  }

  @Test
  void get_another_title_and_help_kept_as_a_version() throws Exception {
    save("label", Map.of("title", "Does it fit?", "description", "Read twice."));

    assertThat(question("label"))
        .containsEntry("title", "Does it fit?")
        .containsEntry("description", "Read twice.");
    assertThat(owner.get("/dataset/" + id + "/settings").body()).contains("by owner");
  }

  @Nested
  class Options {

    private List<Object> options() {
      Map<?, ?> settings = (Map<?, ?>) Objects.requireNonNull(question("label").get("settings"));
      List<?> options = (List<?>) Objects.requireNonNull(settings.get("options"));
      return options.stream().<Object>map(option -> ((Map<?, ?>) option).get("value")).toList();
    }

    @Test
    void are_renamed_reordered_and_added() throws Exception {
      save("label", Map.of("options", "maybe: Perhaps\nno: Never\nyes"));

      assertThat(options()).containsExactly("maybe", "no", "yes");
      assertThat(String.valueOf(question("label").get("settings")))
          .contains("text=Perhaps")
          .contains("text=Never");
    }

    @Test
    void that_are_retired_stay_in_the_answers_that_have_them() throws Exception {
      String record = record();
      answer(record, "no");
      save("label", Map.of("options", "yes: Yes\nperhaps"));

      assertThat(options()).containsExactly("yes", "perhaps");
      assertThat(owner.get("/dataset/" + id + "/settings").body())
          .containsPattern("no</span> <span class=\"tag\">retired");
      for (String format : List.of("jsonl", "csv", "parquet", "hub")) {
        HttpResponse<String> export =
            owner.get("/api/attune/datasets/" + id + "/export?answers=unified&format=" + format);
        assertThat(export.statusCode()).as(format).isEqualTo(200);
      }
      assertThat(owner.get("/api/attune/datasets/" + id + "/export").body())
          .contains("\"label\":\"no\"");
      assertThat(owner.get("/dataset/" + id + "/review").body()).contains("no");
    }

    @Test
    void that_are_retired_cannot_be_chosen() throws Exception {
      String record = record();
      save("label", Map.of("options", "yes: Yes\nperhaps"));
      answer(record, "no");

      assertThat(owner.get("/dataset/" + id + "/settings").body()).contains("Nobody has answered");
    }

    @Test
    void must_be_two_at_least() throws Exception {
      HttpResponse<String> refused = save("label", Map.of("options", "yes"));

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("options must be 2 to 500");
      assertThat(options()).containsExactly("yes", "no");
    }

    @Test
    void whose_values_hold_colons_are_told_apart() throws Exception {
      save("label", Map.of("options", "yes: Yes\nno: No\na: b: See"));
      assertThat(options()).containsExactly("yes", "no", "a");
      save("label", Map.of("options", "yes: Yes: really\nno: No\na: b: See"));

      assertThat(String.valueOf(question("label").get("settings"))).contains("text=Yes: really");
    }
  }

  @Nested
  class Required {

    @Test
    void can_be_given_up_while_another_question_is() throws Exception {
      save("rating", Map.of("options", ""));
      assertThat(question("rating")).containsEntry("required", true);
      assertThat(save("label", Map.of("required", "")).statusCode()).isEqualTo(302);
      assertThat(question("label")).containsEntry("required", false);

      assertThat(save("rating", Map.of("required", "")).statusCode()).isEqualTo(422);
      assertThat(question("rating")).containsEntry("required", true);
    }

    @Test
    void cannot_be_asked_for_once_somebody_answered_without() throws Exception {
      answer(record(), "yes");

      HttpResponse<String> refused = save("rating", Map.of());
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("1 answers were submitted without it");
    }
  }

  @Test
  void of_a_draft_can_change_everything() throws Exception {
    Map<String, Object> name = Map.of("name", "draft", "workspace_id", server.workspace());
    String draft = server.owner().post("/api/v1/datasets", name).text("id");
    String path = "/api/v1/datasets/" + draft;
    server.owner().post(path + "/questions", TestServer.labels());
    String question =
        String.valueOf(server.owner().get(path + "/questions").items().get(0).get("id"));
    owner.post(
        "/dataset/" + draft + "/questions/" + question,
        Map.of("title", "Fits", "options", "a\nb\nc"));

    assertThat(server.owner().get(path + "/questions").body())
        .contains("\"title\":\"Fits\"")
        .contains("\"value\":\"c\"")
        .doesNotContain("\"value\":\"yes\"");
    assertThat(owner.get("/dataset/" + draft + "/questions").headers().firstValue("Location"))
        .hasValue("/dataset/" + draft + "/build/questions");
  }

  @Test
  void of_another_dataset_are_not_found() throws Exception {
    String other = server.dataset(server.workspace());

    assertThat(
            owner
                .get("/dataset/" + other + "/questions/" + question("label").get("id"))
                .statusCode())
        .isEqualTo(404);
    assertThat(
            owner
                .post(
                    "/dataset/" + other + "/questions/" + question("label").get("id") + "/retire",
                    Map.of())
                .statusCode())
        .isEqualTo(404);
    assertThat(questions()).hasSize(2);
  }
}
