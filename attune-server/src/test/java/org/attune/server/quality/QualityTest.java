package org.attune.server.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.TestServer.Person;
import org.attune.server.json.Json;
import org.attune.server.page.Visitor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One dataset with a question of each kind, which three people answered. */
class QualityTest {

  private TestServer server;
  private Visitor lead;
  private String dataset;
  private String record;
  private List<Person> people;

  @BeforeEach
  void three_answers_to_a_record(@TempDir Path data) throws Exception {
    server = TestServer.over(data);
    Caller owner = server.owner();
    String workspace = server.workspace();
    dataset =
        owner
            .post("/api/v1/datasets", Map.of("name", "kinds", "workspace_id", workspace))
            .text("id");
    owner.post(path("/fields"), TestServer.field("text", true));
    question("rating", Map.of("type", "rating", "options", numbers(1, 2, 3, 4, 5)));
    question("label", Map.of("type", "label_selection", "options", options("a", "b", "c")));
    question("labels", Map.of("type", "multi_label_selection", "options", options("x", "y", "z")));
    question("order", Map.of("type", "ranking", "options", options("p", "q")));
    question("why", Map.of("type", "text"));
    question(
        "names", Map.of("type", "span", "field", "text", "options", options("PERSON", "PLACE")));
    assertThat(owner.put(path("/publish"), null).status()).isEqualTo(200);
    record = add("Ada flew to Perth");
    people = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      people.add(server.person("annotator", workspace));
    }
    answer(0, 1, "c", List.of("x", "y"), List.of(1, 2), "one", List.of(span(0, 3)), 10);
    answer(1, 4, "b", List.of("y", "z"), List.of(2, 1), "two", List.of(span(0, 8)), 20);
    answer(2, 5, "a", List.of("z"), List.of(2, 1), "three", List.of(span(0, 3)), 60);
    lead = new Visitor(server.address());
    lead.signIn("owner", "owner's password");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String path(String rest) {
    return "/api/v1/datasets/" + dataset + rest;
  }

  private void question(String name, Map<String, Object> settings) {
    Caller.Answer made =
        server
            .owner()
            .post(
                path("/questions"),
                Map.of("name", name, "title", name, "required", true, "settings", settings));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
  }

  private static List<Map<String, Object>> options(String... values) {
    return List.of(values).stream()
        .map(value -> Map.<String, Object>of("value", value, "text", value))
        .toList();
  }

  private static List<Map<String, Object>> numbers(Integer... values) {
    return List.of(values).stream().map(value -> Map.<String, Object>of("value", value)).toList();
  }

  private static Map<String, Object> span(int start, int end) {
    return Map.of("label", "PERSON", "start", start, "end", end);
  }

  private String add(String text) {
    return String.valueOf(
        server
            .owner()
            .post(
                path("/records/bulk"),
                Map.of("items", List.of(Map.of("fields", Map.of("text", text)))))
            .items()
            .get(0)
            .get("id"));
  }

  private void answer(
      int person,
      int rating,
      String label,
      List<String> labels,
      List<Integer> ranks,
      String why,
      List<Map<String, Object>> names,
      double seconds) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("rating", value(rating));
    values.put("label", value(label));
    values.put("labels", value(labels));
    values.put(
        "order",
        value(
            List.of(
                Map.of("value", "p", "rank", ranks.get(0)),
                Map.of("value", "q", "rank", ranks.get(1)))));
    values.put("why", value(why));
    values.put("names", value(names));
    submit(person, values, seconds);
  }

  private void submit(int person, Map<String, Object> values, double seconds) {
    Caller.Answer saved =
        people
            .get(person)
            .caller()
            .post(
                "/api/attune/datasets/" + dataset + "/responses",
                Map.of(
                    "items",
                    List.of(
                        Map.of(
                            "record_id",
                            record,
                            "status",
                            "submitted",
                            "values",
                            values,
                            "seconds",
                            seconds))));
    assertThat(saved.items().get(0)).as(saved.body()).containsEntry("error", null);
  }

  private static Map<String, Object> value(Object value) {
    return Map.of("value", value);
  }

  private String show(String address) throws Exception {
    return lead.get("/dataset/" + dataset + address).body();
  }

  /** The unified answers of the first record, from the name of the question. */
  private Map<String, @Nullable Object> unified(String query) throws Exception {
    String lines =
        lead.get("/api/attune/datasets/" + dataset + "/export?answers=unified&" + query).body();
    return Json.object(
        Json.write(Json.object(lines.lines().findFirst().orElseThrow()).get("unified")));
  }

  private List<Object> unifiedValues(String question, String query) throws Exception {
    List<Object> values = new ArrayList<>();
    if (unified(query).get(question) instanceof List<?> answers) {
      answers.forEach(answer -> values.add(((Map<?, ?>) answer).get("value")));
    }
    return values;
  }

  @Nested
  class Unification {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          // 1, 4, 5; of equally frequent ones the one that the question lists first
          "rating | mean | [3.3333333333333335]",
          "rating | mean-truncated | [3]",
          "rating | median | [4.0]",
          "rating | majority | [1]",
          "rating | max | [5]",
          "rating | min | [1]",
          // c, b, a
          "label | majority | [a]",
          "label | majority-weighted | [a]",
          "label | disagreement | [c, b, a]",
          // xy, yz, z
          "labels | majority | [[y, z]]",
          "labels | disagreement | [[x, y], [y, z], [z]]",
          // pq, qp, qp
          "order | mean | [[{value=q, rank=1}, {value=p, rank=2}]]",
          "order | majority | [[{value=q, rank=1}, {value=p, rank=2}]]",
          "order | max | [[{value=q, rank=1}, {value=p, rank=2}]]",
          "order | min | [[{value=p, rank=1}, {value=q, rank=2}]]",
          "why | disagreement | [one, two, three]",
          // Ada, Ada flew, Ada
          "names | majority | [[{label=PERSON, start=0, end=3}]]",
          "names | union | [[{label=PERSON, start=0, end=8}]]",
          "names | intersection | [[{label=PERSON, start=0, end=3}]]"
        })
    void is_the_same_each_time(String question, String strategy, String expected) throws Exception {
      String query = "strategy." + question + "=" + strategy;

      assertThat(unifiedValues(question, query).toString()).isEqualTo(expected);
      assertThat(unified(query).get(question)).isEqualTo(unified(query).get(question));
    }

    @Test
    void gives_way_to_a_final_answer() throws Exception {
      lead.post(
          "/dataset/" + dataset + "/review",
          Map.of("record", record, "at", "1", "final.label", people.get(1).id()));

      assertThat(unified("strategy.label=majority").get("label"))
          .isEqualTo(List.of(Map.of("value", "b", "strategy", "adjudicated")));
    }
  }

  @Nested
  class The_figures {

    @Test
    void tell_agreement_for_every_kind_but_texts() throws Exception {
      String page = show("/settings");

      assertThat(page.split("from 1 records with 3 answers", -1)).hasSize(6);
      assertThat(page).contains("Lowest agreement α");
    }

    @Test
    void tell_the_median_and_the_quartiles_of_times() throws Exception {
      // 10, 20 and 60: halfway between them are 15 and 40
      assertThat(show("/settings")).contains("20.0 (15.0 to 40.0)").contains("60.0 (60.0 to 60.0)");
    }

    @Test
    void are_new_as_soon_as_somebody_answered() throws Exception {
      show("/settings");
      submit(
          2,
          Map.of(
              "label",
              value("c"),
              "rating",
              value(1),
              "labels",
              value(List.of("x")),
              "order",
              value(List.of(Map.of("value", "p", "rank", 1), Map.of("value", "q", "rank", 2))),
              "why",
              value("none"),
              "names",
              value(List.of(span(0, 3)))),
          5);

      assertThat(show("/settings")).contains("67 % (2 of 3)").contains("65.0 (65.0 to 65.0)");
    }
  }

  @Nested
  class The_page_of_a_person {

    private String page(int person) throws Exception {
      return show("/people/" + people.get(person).id());
    }

    @Test
    void compares_with_others_and_with_final_answers() throws Exception {
      lead.post(
          "/dataset/" + dataset + "/review",
          Map.of("record", record, "at", "1", "final.label", people.get(2).id()));

      assertThat(page(2)).contains("50 % (1 of 2)").contains("100 % (1 of 1)");
      assertThat(page(0)).contains("0 % (0 of 1)").contains("10.0 (10.0 to 10.0)");
    }

    @Test
    void tells_days_and_the_last_activity() throws Exception {
      String today = java.time.LocalDate.now(java.time.ZoneOffset.UTC).toString();

      assertThat(page(1).split(today, -1).length).isGreaterThanOrEqualTo(3);
    }

    @Test
    void is_for_those_who_lead() throws Exception {
      Visitor annotator = new Visitor(server.address());
      annotator.signIn(people.get(0).username(), "a long password");
      String address = "/dataset/" + dataset + "/people/" + people.get(0).id();

      assertThat(annotator.get(address).statusCode()).isEqualTo(403);
      assertThat(lead.get("/dataset/" + dataset + "/people/nobody").statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class Review {

    @Test
    void can_be_narrowed_to_a_question_and_a_person() throws Exception {
      record = add("Only one answer");
      answer(0, 1, "c", List.of("x"), List.of(1, 2), "one", List.of(span(0, 4)), 10);

      assertThat(show("/review")).contains("Record 1 of 2").contains("Ada flew");
      assertThat(show("/review?question=label")).contains("Record 1 of 1").contains("Ada flew");
      assertThat(show("/review?annotator=" + people.get(0).id())).contains("Record 1 of 2");
      assertThat(show("/review?annotator=" + people.get(1).id())).contains("Record 1 of 1");
      assertThat(show("/review?annotator=nobody")).contains("No record matches");
    }

    @Test
    void keeps_its_filters_from_record_to_record() throws Exception {
      assertThat(
              lead.post(
                      "/dataset/" + dataset + "/review",
                      Map.of("record", record, "at", "1", "question", "label"))
                  .headers()
                  .firstValue("Location")
                  .orElseThrow())
          .endsWith("/review?at=2&question=label&annotator=");
    }
  }

  @Nested
  class The_page_of_the_rules {

    @Test
    void changes_them() throws Exception {
      String address = "/dataset/" + dataset + "/assignment";
      lead.post(
          address,
          Map.of("min_submitted", "2", "max_submitted", "3", "quota", "", "order", "random"));

      assertThat(server.owner().get("/api/attune/datasets/" + dataset + "/assignment").json())
          .containsEntry("min_submitted", 2)
          .containsEntry("max_submitted", 3)
          .containsEntry("quota", null)
          .containsEntry("order", "random");
    }

    @Test
    void says_what_is_wrong() throws Exception {
      String address = "/dataset/" + dataset + "/assignment";
      var refused =
          lead.post(
              address,
              Map.of("min_submitted", "3", "max_submitted", "2", "quota", "x", "order", "random"));

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body())
          .contains("max_submitted: Input should be at least min_submitted, which is 3")
          .contains("quota: Input should be a valid integer");
    }
  }
}
