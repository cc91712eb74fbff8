package org.attune.server.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.json.Json;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a dataset is exported, and that a part is never taken for the whole. */
final class ExportTest {

  private TestServer server;
  private Visitor owner;
  private Path folder;
  private String id;
  private TestServer.Person mina;
  private TestServer.Person ada;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    folder = data;
    server = TestServer.over(data);
    String workspace = server.workspace();
    id = server.dataset(workspace);
    mina = server.person("annotator", workspace);
    ada = server.person("annotator", workspace);
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
    add(6);
    answer(mina, 0, "yes", 1);
    answer(ada, 0, "no", 4);
    answer(ada, 1, "no", 5);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void add(int count) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          Map.of(
              "external_id",
              "r-" + i,
              "fields",
              Map.of("text", (i < 2 ? "koala " : "emu ") + "words ".repeat(30), "note", "n" + i),
              "metadata",
              Map.of("source", i % 2 == 0 ? "wire" : "web", "length", i)));
    }
    for (int from = 0; from < count; from += 500) {
      server
          .owner()
          .post(
              "/api/v1/datasets/" + id + "/records/bulk",
              Map.of("items", items.subList(from, Math.min(count, from + 500))));
    }
  }

  private void answer(TestServer.Person person, int position, String label, int rating) {
    String record =
        String.valueOf(
            server
                .owner()
                .get("/api/v1/datasets/" + id + "/records")
                .items()
                .get(position)
                .get("id"));
    person
        .caller()
        .post(
            "/api/v1/records/" + record + "/responses",
            Map.of(
                "status",
                "submitted",
                "values",
                Map.of("label", Map.of("value", label), "rating", Map.of("value", rating))));
  }

  private HttpResponse<String> export(String query) throws Exception {
    return owner.get("/api/attune/datasets/" + id + "/export?" + query);
  }

  private List<Object> ids(String query) throws Exception {
    HttpResponse<String> answer = export(query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer
        .body()
        .lines()
        .<Object>map(line -> String.valueOf(Json.object(line).get("external_id")))
        .toList();
  }

  @Test
  void takes_only_records_that_are_meant() throws Exception {
    assertThat(ids("q=koala")).containsExactly("r-0", "r-1");
    assertThat(ids("status=completed")).containsExactly("r-0", "r-1");
    assertThat(ids("metadata.source=web&metadata.length.from=2")).containsExactly("r-3", "r-5");
    assertThat(ids("responses=pending&q=emu&metadata.length.to=3")).containsExactly("r-2", "r-3");
    assertThat(ids("q=nowhere")).isEmpty();
  }

  @Test
  void takes_only_what_some_people_answered() throws Exception {
    assertThat(ids("user=" + mina.username())).containsExactly("r-0");
    assertThat(ids("user=" + ada.id())).containsExactly("r-0", "r-1");
    assertThat(export("user=" + mina.username()).body()).doesNotContain(ada.id());
    assertThat(export("format=csv&answers=unified&user=" + mina.username()).body())
        .contains("\"yes\"")
        .doesNotContain("\"no\"");
  }

  @Test
  void takes_only_the_answers_to_some_questions() throws Exception {
    assertThat(export("question=rating").body()).contains("rating").doesNotContain("\"label\"");
    assertThat(export("format=csv&question=rating").body().lines().findFirst())
        .hasValueSatisfying(
            heading ->
                assertThat(heading).contains("answer.rating").doesNotContain("answer.label"));
    assertThat(export("answers=unified&question=rating").body()).doesNotContain("majority");
  }

  @Test
  void unifies_each_question_by_its_own_strategy() throws Exception {
    String line =
        export("answers=unified&strategy.label=disagreement&strategy.rating=max")
            .body()
            .lines()
            .findFirst()
            .orElseThrow();

    assertThat(Json.write(Json.object(line).get("unified")))
        .contains("\"disagreement\"")
        .contains("\"max\"")
        .contains("4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "hub", "training&task=text-generation"})
  void is_filtered_in_every_format_and_says_if_nothing_is_left(String format) throws Exception {
    assertThat(export("q=koala&format=" + format).statusCode()).isEqualTo(200);
    HttpResponse<String> none = export("q=nowhere&format=" + format);

    assertThat(none.statusCode()).isEqualTo(422);
    assertThat(none.body()).contains("No records were chosen");
    assertThat(none.headers().firstValue("Content-Disposition")).isEmpty();
  }

  @Test
  void makes_rows_of_the_tasks_that_need_columns() throws Exception {
    assertThat(export("format=training&task=text-generation&task.text=note").body())
        .contains("\"text\":\"n5\"");
    assertThat(
            export("format=training&task=text-classification&strategy.label=disagreement").body())
        .contains("\"label\":\"yes\"")
        .contains("\"label\":\"no\"");
    assertThat(
            export("format=training&task=sentence-similarity&strategy.rating=max&q=koala")
                .body()
                .lines()
                .toList())
        .hasSize(2)
        .first()
        .asString()
        .contains("\"sentence-2\":\"n0\"")
        .contains("\"label\":4.0");
    HttpResponse<String> refused = export("format=training&task=question-answering");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("task.answer");
  }

  @Test
  void refuses_what_the_dataset_does_not_have() throws Exception {
    for (String query :
        List.of(
            "question=x", "user=nobody", "status=x", "metadata.x=1", "field=x", "strategy.x=max")) {
      assertThat(export(query).statusCode()).as(query).isEqualTo(422);
    }
  }

  @Test
  void names_the_file_after_the_dataset_and_nothing_else() throws Exception {
    server.owner().patch("/api/v1/datasets/" + id, Map.of("name", "Ärger 2"));

    assertThat(export("format=csv").headers().firstValue("Content-Disposition"))
        .hasValueSatisfying(
            header -> assertThat(header).isASCII().contains("filename*=UTF-8''%C3%84rger-2.csv"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "csv"})
  void breaks_off_noticeably_if_it_fails_on_its_way(String format) throws Exception {
    add(1500);
    damageTheLastRecord();

    assertThatThrownBy(() -> export("format=" + format)).isInstanceOf(IOException.class);
  }

  @Test
  void fails_as_a_whole_if_it_fails_before_anything_was_sent() throws Exception {
    damageTheLastRecord();

    HttpResponse<String> failed = export("format=parquet");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("PAR1");
  }

  private void damageTheLastRecord() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("attune.db"));
        PreparedStatement damage =
            connection.prepareStatement(
                "UPDATE records SET fields = '{' WHERE seq = (SELECT MAX(seq) FROM records)")) {
      damage.executeUpdate();
    }
  }

  @Test
  void has_a_page_that_takes_over_what_was_searched_for() throws Exception {
    assertThat(owner.get("/dataset/" + id + "/export?q=koala&metadata.source=web").body())
        .contains("value=\"koala\"")
        .contains("<option value=\"web\" selected=\"selected\">")
        .contains("name=\"strategy.label\"")
        .contains("value=\"" + mina.username() + "\"")
        .doesNotContain("??");
    Visitor visitor = new Visitor(server.address());
    visitor.signIn(mina.username(), "a long password");
    assertThat(visitor.get("/dataset/" + id + "/export").statusCode()).isEqualTo(403);
  }
}
