package org.attune.server.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.TestServer.Person;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignmentTest {

  private static final int PEOPLE = 50;
  private static final Map<String, Object> NOTHING = Map.of();

  private Path folder;
  private TestServer server;
  private String workspace;
  private String dataset;
  private Person mina;
  private Person otto;

  @BeforeEach
  void ten_records(@TempDir Path folder) {
    this.folder = folder;
    server = open(folder);
    workspace = server.workspace();
    dataset = server.dataset(workspace);
    mina = server.person("annotator", workspace);
    otto = server.person("annotator", workspace);
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      items.add(
          Map.of(
              "external_id",
              "r" + i,
              "fields",
              Map.of("text", "Number " + i),
              "metadata",
              Map.of("length", 10 - i),
              "suggestions",
              List.of(
                  Map.of("question_name", "label", "value", "yes", "score", (i * 3 % 10) / 10.0))));
    }
    assertThat(server.owner().put(path("/records/bulk"), Map.of("items", items)).status())
        .isEqualTo(200);
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

  private String own(String rest) {
    return "/api/attune/datasets/" + dataset + rest;
  }

  private Caller.Answer rules(Map<String, @Nullable Object> rules) {
    return server.owner().patch(own("/assignment"), rules);
  }

  private static final Map<String, Object> PENDING =
      Map.of(
          "filters",
          Map.of(
              "and",
              List.of(
                  Map.of(
                      "type",
                      "terms",
                      "scope",
                      Map.of("entity", "response", "property", "status"),
                      "values",
                      List.of("pending")))));

  private Caller.Answer queue(Caller caller, Map<String, Object> further) {
    Map<String, Object> body = new HashMap<>(PENDING);
    body.putAll(further);
    Caller.Answer answer = caller.post(own("/queue?limit=20"), body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private Caller.Answer queue(Person person, Map<String, Object> further) {
    return queue(person.caller(), further);
  }

  /** The external ids of the records that a person is given. */
  private List<String> given(Person person) {
    return given(person.caller());
  }

  private List<String> given(Caller caller) {
    return queue(caller, NOTHING).items().stream()
        .map(item -> (Map<?, ?>) item.get("record"))
        .map(record -> String.valueOf(record == null ? null : record.get("external_id")))
        .toList();
  }

  private String id(String externalId) {
    return server.owner().get(path("/records?limit=100")).items().stream()
        .filter(record -> externalId.equals(record.get("external_id")))
        .map(record -> String.valueOf(record.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private List<?> claim(Person person, String... externalIds) {
    return claims(person, List.of(externalIds), List.of(), "held");
  }

  private List<?> claims(Person person, List<String> hold, List<String> leave, String key) {
    Caller.Answer answer =
        person
            .caller()
            .post(
                own("/claims"),
                Map.of(
                    "hold",
                    hold.stream().map(this::id).toList(),
                    "leave",
                    leave.stream().map(this::id).toList()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return (List<?>) Objects.requireNonNull(answer.json().get(key));
  }

  private static Map<String, Object> item(String recordId, String status, @Nullable Object time) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("record_id", recordId);
    item.put("status", status);
    item.put("values", Map.of("label", Map.of("value", "yes")));
    if (time != null) {
      item.put("seconds", time);
    }
    return item;
  }

  /** Why an answer was refused, or null. */
  private @Nullable String save(Person person, String externalId, String status) {
    return save(person.caller(), id(externalId), status);
  }

  private @Nullable String save(Caller caller, String recordId, String status) {
    Caller.Answer answer =
        caller.post(own("/responses"), Map.of("items", List.of(item(recordId, status, null))));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.items().get(0).get("error") instanceof Map<?, ?> error
        ? String.valueOf(error.get("detail"))
        : null;
  }

  private static <T> List<T> together(List<Callable<T>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PEOPLE);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(work)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }

  @Nested
  class a_claim {

    @BeforeEach
    void one_answer_each() {
      rules(Map.of("max_submitted", 1));
    }

    @Test
    void keeps_others_from_being_given_the_record() {
      assertThat(claim(mina, "r0", "r1")).hasSize(2);

      assertThat(given(mina)).startsWith("r0", "r1");
      assertThat(given(otto)).hasSize(8).startsWith("r2");
      assertThat(claims(otto, List.of("r1", "r2"), List.of(), "refused"))
          .isEqualTo(List.of(id("r1")));
    }

    @Test
    void leaves_as_many_seats_as_the_dataset_has_beyond_it() {
      rules(Map.of("max_submitted", 2));
      claim(mina, "r0");

      assertThat(given(otto)).startsWith("r0");
      assertThat(claim(otto, "r0")).hasSize(1);
      assertThat(claim(server.person("annotator", workspace), "r0")).isEmpty();
    }

    @Test
    void ends_by_leaving_and_by_an_answer_but_not_by_a_draft() {
      claim(mina, "r0", "r1", "r2", "r3");
      claims(mina, List.of(), List.of("r0"), "held");
      save(mina, "r1", "discarded");
      save(mina, "r2", "submitted");
      save(mina, "r3", "draft");

      assertThat(claim(otto, "r0", "r1", "r2", "r3")).isEqualTo(List.of(id("r0"), id("r1")));
    }

    @Test
    void keeps_the_seat_for_whoever_holds_it() {
      claim(mina, "r0");

      assertThat(save(otto, "r0", "submitted")).contains("gets 1 answers").contains("go on");
      assertThat(save(mina, "r0", "submitted")).isNull();
      assertThat(save(mina, "r0", "submitted")).as("her answer again").isNull();
    }

    @Test
    void survives_a_restart() {
      claim(mina, "r0");
      server.close();
      server = open(folder);

      assertThat(given(server.caller(otto.caller().apiKey()))).startsWith("r1");
    }

    @Test
    void does_not_keep_clients_of_argilla_from_answering() {
      claim(mina, "r0");
      Caller.Answer answer =
          otto.caller()
              .post(
                  "/api/v1/records/" + id("r0") + "/responses",
                  Map.of("status", "submitted", "values", Map.of("label", Map.of("value", "no"))));

      assertThat(answer.status()).isEqualTo(201);
      assertThat(save(mina, "r0", "submitted")).contains("others have given");
    }

    @Test
    void costs_nothing_where_answers_are_not_limited() {
      rules(Collections.singletonMap("max_submitted", null));
      claim(mina, "r0");

      assertThat(given(otto)).startsWith("r0");
      assertThat(claims(otto, List.of("r0"), List.of(), "refused")).isEqualTo(List.of());
    }

    @Test
    void is_taken_only_on_records_of_the_dataset() {
      String other = dataset;
      dataset = server.dataset(workspace);
      rules(Map.of("max_submitted", 1));

      Caller.Answer answer =
          mina.caller()
              .post(
                  own("/claims"),
                  Map.of("hold", List.of("no-record"), "leave", List.of("no-record")));

      assertThat(answer.json()).containsEntry("refused", List.of("no-record"));
      assertThat(other).isNotEqualTo(dataset);
    }
  }

  @Nested
  class fifty_people_at_once {

    private List<Person> people;

    @BeforeEach
    void sign_in() {
      people =
          IntStream.range(0, PEOPLE).mapToObj(i -> server.person("annotator", workspace)).toList();
    }

    private long submitted(String externalId) {
      List<?> responses =
          (List<?>)
              server.owner().get(path("/records?limit=100&include=responses")).items().stream()
                  .filter(record -> externalId.equals(record.get("external_id")))
                  .findFirst()
                  .orElseThrow()
                  .get("responses");
      return responses == null ? 0 : responses.size();
    }

    @Test
    void give_a_record_exactly_as_many_answers_as_it_may_get() throws Exception {
      rules(Map.of("min_submitted", 2, "max_submitted", 3));
      String record = id("r0");

      List<Boolean> accepted =
          together(
              people.stream()
                  .<Callable<Boolean>>map(
                      person -> () -> save(person.caller(), record, "submitted") == null)
                  .toList());

      assertThat(accepted).filteredOn(taken -> taken).hasSize(3);
      assertThat(submitted("r0")).isEqualTo(3);
    }

    @Test
    void hold_no_more_claims_than_there_are_seats() throws Exception {
      rules(Map.of("max_submitted", 2));
      String record = id("r0");

      List<Boolean> held =
          together(
              people.stream()
                  .<Callable<Boolean>>map(
                      person ->
                          () ->
                              person
                                  .caller()
                                  .post(own("/claims"), Map.of("hold", List.of(record)))
                                  .text("held")
                                  .contains(record))
                  .toList());

      assertThat(held).filteredOn(taken -> taken).hasSize(2);
    }

    @Test
    void working_through_the_queue_fill_every_record_and_none_too_often() throws Exception {
      rules(Map.of("min_submitted", 2, "max_submitted", 2, "order", "random"));

      together(
          people.stream().<Callable<Integer>>map(person -> () -> workThrough(person)).toList());

      for (int i = 0; i < 10; i++) {
        assertThat(submitted("r" + i)).as("r" + i).isEqualTo(2);
      }
    }

    /** As the page does: ask for the queue, claim its first record, answer it. */
    private int workThrough(Person person) {
      int refused = 0;
      while (true) {
        List<Map<String, @Nullable Object>> items =
            person.caller().post(own("/queue?limit=1"), PENDING).items();
        if (items.isEmpty()) {
          return refused;
        }
        String record =
            String.valueOf(
                ((Map<?, ?>) Objects.requireNonNull(items.get(0).get("record"))).get("id"));
        boolean held =
            person
                .caller()
                .post(own("/claims"), Map.of("hold", List.of(record)))
                .text("held")
                .contains(record);
        if (held) {
          assertThat(save(person.caller(), record, "submitted")).as("a claimed seat").isNull();
        } else {
          refused++;
        }
      }
    }

    @Test
    void of_whom_one_has_fifty_tabs_submit_exactly_the_quota() throws Exception {
      rules(Map.of("quota", 4));
      List<String> records = IntStream.range(0, 10).mapToObj(i -> id("r" + i)).toList();

      List<Boolean> drafts =
          together(
              IntStream.range(0, PEOPLE)
                  .<Callable<Boolean>>mapToObj(
                      i -> () -> save(mina.caller(), records.get(i % 10), "draft") == null)
                  .toList());
      assertThat(drafts).doesNotContain(false);
      List<Boolean> accepted =
          together(
              records.stream()
                  .<Callable<Boolean>>map(
                      record -> () -> save(mina.caller(), record, "submitted") == null)
                  .toList());

      assertThat(accepted).filteredOn(taken -> taken).hasSize(4);
    }
  }

  @Nested
  class a_quota {

    @Test
    void ends_the_queue_and_says_so() {
      rules(Map.of("quota", 2));
      save(mina, "r0", "submitted");
      assertThat(queue(mina, NOTHING).json())
          .containsEntry("quota", 2)
          .containsEntry("submitted", 1);
      save(mina, "r1", "submitted");

      assertThat(queue(mina, NOTHING).json())
          .containsEntry("quota", 2)
          .containsEntry("submitted", 2)
          .containsEntry("items", List.of());
      assertThat(save(mina, "r2", "submitted")).contains("submitted 2 answers").contains("quota");
      assertThat(given(otto)).isNotEmpty();
    }

    @Test
    void leaves_drafts_discards_and_changes_free() {
      rules(Map.of("quota", 1));
      save(mina, "r0", "submitted");

      assertThat(save(mina, "r0", "submitted")).isNull();
      assertThat(save(mina, "r1", "draft")).isNull();
      assertThat(save(mina, "r2", "discarded")).isNull();
    }
  }

  @Nested
  class the_order {

    @Test
    void is_at_first_that_in_which_records_were_added() {
      assertThat(given(mina))
          .containsExactly("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9");
    }

    @Test
    void at_random_is_another_for_each_person_and_stays_the_same() {
      rules(Map.of("order", "random"));
      List<String> first = given(mina);

      assertThat(first).hasSize(10).doesNotHaveDuplicates();
      assertThat(given(mina)).isEqualTo(first);
      assertThat(
              IntStream.range(0, 8)
                  .mapToObj(i -> given(server.person("annotator", workspace)))
                  .distinct()
                  .count())
          .isGreaterThan(4);
      save(mina, first.get(3), "submitted");
      assertThat(given(mina))
          .isEqualTo(first.stream().filter(r -> !r.equals(first.get(3))).toList());
    }

    @Test
    void at_random_can_be_read_in_portions() {
      rules(Map.of("order", "random"));
      List<String> whole = given(mina);
      List<String> portions = new ArrayList<>();
      for (int offset = 0; offset < 10; offset += 3) {
        mina.caller().post(own("/queue?limit=3&offset=" + offset), PENDING).items().stream()
            .map(item -> (Map<?, ?>) item.get("record"))
            .forEach(record -> portions.add(String.valueOf(record.get("external_id"))));
      }

      assertThat(portions).isEqualTo(whole);
    }

    @Test
    void by_uncertainty_begins_with_the_lowest_score() {
      rules(Map.of("order", "uncertain"));

      assertThat(given(mina))
          .containsExactly("r0", "r7", "r4", "r1", "r8", "r5", "r2", "r9", "r6", "r3");
    }

    @Test
    void by_disagreement_begins_with_what_people_differ_on() {
      rules(Map.of("min_submitted", 3, "order", "disagreement"));
      answer(mina, "r6", "yes");
      answer(otto, "r6", "no");
      answer(mina, "r2", "no");
      answer(otto, "r2", "no");

      assertThat(given(server.person("annotator", workspace))).startsWith("r6", "r2", "r0");
    }

    private void answer(Person person, String externalId, String label) {
      person
          .caller()
          .post(
              "/api/v1/records/" + id(externalId) + "/responses",
              Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label))));
    }

    @Test
    void by_metadata_goes_up_or_down() {
      rules(Map.of("order", "metadata.length:asc"));
      assertThat(given(mina)).startsWith("r9", "r8").endsWith("r0");
      rules(Map.of("order", "metadata.length:desc"));
      assertThat(given(mina)).startsWith("r0", "r1").endsWith("r9");
    }

    @Test
    void gives_way_to_one_that_somebody_asks_for() {
      rules(Map.of("order", "metadata.length:asc"));
      Map<String, Object> sort =
          Map.of("scope", Map.of("entity", "record", "property", "inserted_at"), "order", "asc");

      assertThat(queue(mina, Map.of("sort", List.of(sort))).body()).containsSubsequence("r0", "r1");
    }

    @Test
    void passes_over_what_the_page_has_already() {
      assertThat(queue(mina, Map.of("except", List.of(id("r0"), id("r1")))).json())
          .containsEntry("total", 8);
    }
  }

  @Nested
  class the_rules {

    @Test
    void are_shown_and_changed_one_by_one() {
      assertThat(server.owner().get(own("/assignment")).json())
          .containsEntry("min_submitted", 1)
          .containsEntry("max_submitted", null)
          .containsEntry("quota", null)
          .containsEntry("order", "inserted");

      rules(Map.of("max_submitted", 3, "quota", 100));
      rules(Map.of("order", "random"));

      assertThat(server.owner().get(own("/assignment")).json())
          .containsEntry("max_submitted", 3)
          .containsEntry("quota", 100)
          .containsEntry("order", "random");
    }

    @Test
    void judge_records_anew_when_another_number_of_answers_completes_them() {
      save(mina, "r0", "submitted");
      rules(Map.of("min_submitted", 2));

      assertThat(server.owner().get(path("/progress")).json()).containsEntry("completed", 0);
    }

    @Test
    void that_contradict_themselves_are_refused_with_every_fault() {
      Caller.Answer answer =
          rules(Map.of("min_submitted", 3, "max_submitted", 2, "quota", 0, "order", "best"));

      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.body())
          .contains("at least min_submitted, which is 3")
          .contains("quota")
          .contains("metadata.length:asc");
      assertThat(server.owner().get(own("/assignment")).json()).containsEntry("min_submitted", 1);
    }

    @Test
    void give_way_to_a_client_that_wants_more_answers() {
      rules(Map.of("max_submitted", 2));
      server
          .owner()
          .patch(
              path(""), Map.of("distribution", Map.of("strategy", "overlap", "min_submitted", 4)));

      assertThat(server.owner().get(own("/assignment")).json()).containsEntry("max_submitted", 4);
    }

    @Test
    void are_for_those_who_lead_the_dataset() {
      Person stranger = server.person("admin", server.workspace());
      for (Person person : List.of(mina, stranger)) {
        assertThat(person.caller().get(own("/assignment")).status()).isEqualTo(403);
        assertThat(person.caller().patch(own("/assignment"), Map.of("quota", 1)).status())
            .isEqualTo(403);
      }
      assertThat(stranger.caller().post(own("/queue"), PENDING).status()).isEqualTo(403);
      assertThat(stranger.caller().post(own("/claims"), Map.of()).status()).isEqualTo(403);
    }
  }

  @Nested
  class the_time_spent {

    private Caller.Answer save(Object seconds) {
      return mina.caller()
          .post(own("/responses"), Map.of("items", List.of(item(id("r0"), "submitted", seconds))));
    }

    @Test
    void is_refused_if_it_cannot_be() {
      assertThat(save(-1).status()).isEqualTo(422);
      assertThat(save(90_000).status()).isEqualTo(422);
      assertThat(save("long").status()).isEqualTo(422);
      assertThat(save(1.5).status()).isEqualTo(200);
    }
  }
}
