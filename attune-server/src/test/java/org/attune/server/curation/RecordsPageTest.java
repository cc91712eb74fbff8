package org.attune.server.curation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordsPageTest {

  private static final int RECORDS = 30;

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
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      items.add(
          Map.of(
              "external_id",
              "r-" + i,
              "fields",
              Map.of("text", "Number " + i + (i < 3 ? " koala" : " emu"), "note", "<b>kept</b>"),
              "metadata",
              Map.of("source", i % 2 == 0 ? "wire" : "web", "length", i, "extra", "free")));
    }
    server.owner().post("/api/v1/datasets/" + id + "/records/bulk", Map.of("items", items));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String path() {
    return "/dataset/" + id + "/records";
  }

  private String list(String query) throws Exception {
    HttpResponse<String> page = owner.get(path() + query);
    assertThat(page.statusCode()).as(query).isEqualTo(200);
    return page.body();
  }

  private List<Map<String, Object>> records() {
    return server.owner().get("/api/v1/datasets/" + id + "/records?limit=100").items();
  }

  private Map<String, Object> record(String externalId) {
    return records().stream()
        .filter(record -> externalId.equals(record.get("external_id")))
        .findFirst()
        .orElseThrow();
  }

  private String idOf(String externalId) {
    return String.valueOf(record(externalId).get("id"));
  }

  private void answer(String externalId, String label) {
    annotator
        .caller()
        .post(
            "/api/v1/records/" + idOf(externalId) + "/responses",
            Map.of("status", "submitted", "values", Map.of("label", Map.of("value", label))));
  }

  @Test
  void shows_them_page_by_page_and_nothing_of_a_record_as_markup() throws Exception {
    assertThat(list("")).contains("30 records").contains("Page 1 of 2").doesNotContain("<b>kept");
    assertThat(list("?page=2")).contains("Page 2 of 2").contains("r-0<").doesNotContain("r-29<");
  }

  @Test
  void finds_words_states_terms_numbers_and_answers() throws Exception {
    answer("r-1", "yes");

    assertThat(list("?q=koala")).contains("3 records");
    assertThat(list("?q=koala&field=note")).contains("Nothing found");
    assertThat(list("?metadata.source=web&q=koala")).contains("One record");
    assertThat(list("?metadata.length.from=10&metadata.length.to=12")).contains("3 records");
    assertThat(list("?status=completed")).contains("One record").contains("r-1<");
    assertThat(list("?responses=submitted")).contains("One record").contains("r-1<");
    assertThat(list("?responses=pending&q=koala")).contains("2 records");
  }

  @Test
  void keeps_the_search_on_the_next_page_and_for_the_export() throws Exception {
    assertThat(list("?q=emu&metadata.length.from=1"))
        .contains("/records?q=emu&amp;metadata.length.from=1&amp;page=2")
        .contains("/export?q=emu&amp;metadata.length.from=1\"");
  }

  @Test
  void refuses_filters_that_the_dataset_does_not_have() throws Exception {
    for (String query :
        List.of("?status=x", "?field=x", "?metadata.length.from=x", "?metadata.other=x")) {
      HttpResponse<String> refused = owner.get(path() + query);
      assertThat(refused.statusCode()).as(query).isEqualTo(422);
      assertThat(refused.body()).contains("That cannot be done");
    }
  }

  @Nested
  class Deleting {

    @Test
    void takes_the_chosen_ones_only() throws Exception {
      HttpResponse<String> deleted =
          owner.post(path() + "/delete?q=koala", Map.of("record", idOf("r-0")));

      assertThat(deleted.headers().firstValue("Location")).hasValue(path() + "?q=koala&deleted=1");
      assertThat(records()).hasSize(RECORDS - 1);
      assertThat(list("?q=koala")).contains("2 records");
    }

    @Test
    void takes_all_that_were_found_if_their_number_is_typed() throws Exception {
      assertThat(owner.post(path() + "/delete-found?q=koala", Map.of("count", "2")).statusCode())
          .isEqualTo(422);
      assertThat(records()).hasSize(RECORDS);
      owner.post(path() + "/delete-found?q=koala", Map.of("count", "3"));

      assertThat(records()).hasSize(RECORDS - 3);
      assertThat(list("?q=koala")).contains("Nothing found");
    }

    @Test
    void leaves_records_of_other_datasets_alone() throws Exception {
      String other = server.dataset(server.workspace());
      owner.post("/dataset/" + other + "/records/delete", Map.of("record", idOf("r-0")));

      assertThat(
              owner
                  .post("/dataset/" + other + "/records/" + idOf("r-0") + "/delete", Map.of())
                  .statusCode())
          .isEqualTo(404);
      assertThat(records()).hasSize(RECORDS);
    }
  }

  @Nested
  class One_record {

    private String page(String externalId) throws Exception {
      return owner.get(path() + "/" + idOf(externalId)).body();
    }

    private Map<String, String> form(String page) {
      Map<String, String> form = new LinkedHashMap<>();
      Matcher seen = Pattern.compile("name=\"seen\" value=\"(\\d+)\"").matcher(page);
      assertThat(seen.find()).isTrue();
      form.put("seen", seen.group(1));
      form.put("field.text", "Changed\r\ntwice");
      form.put("metadata.source", "wire\r\nweb");
      form.put("metadata.length", "7");
      form.put("other", "{\"extra\": 1}");
      return form;
    }

    private HttpResponse<String> save(String externalId, Map<String, String> form)
        throws Exception {
      return owner.post(path() + "/" + idOf(externalId), form);
    }

    @Test
    void shows_what_people_answered() throws Exception {
      answer("r-1", "yes");

      assertThat(page("r-1")).contains(annotator.username()).contains("submitted");
    }

    @Test
    void is_changed_with_its_metadata_and_found_by_its_new_words() throws Exception {
      assertThat(save("r-1", form(page("r-1"))).statusCode()).isEqualTo(302);

      assertThat(record("r-1"))
          .containsEntry("fields", Map.of("text", "Changed\ntwice"))
          .containsEntry(
              "metadata", Map.of("source", List.of("wire", "web"), "length", 7, "extra", 1));
      assertThat(list("?q=twice")).contains("One record");
    }

    @Test
    void is_not_overwritten_if_somebody_else_changed_it() throws Exception {
      String seen = page("r-1");
      Map<String, String> theirs = form(seen);
      theirs.put("field.text", "Theirs");
      save("r-1", theirs);
      HttpResponse<String> refused = save("r-1", form(seen));

      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("Somebody changed the record").contains(">Theirs<");
    }

    @Test
    void keeps_what_was_typed_if_it_breaks_a_rule() throws Exception {
      Map<String, String> form = form(page("r-1"));
      form.put("metadata.length", "long");
      HttpResponse<String> refused = save("r-1", form);

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("must be a number but is long").contains(">Changed");
      form.put("metadata.length", "7");
      form.put("other", "[1]");
      assertThat(save("r-1", form).statusCode()).isEqualTo(422);
      form.put("other", "{");
      assertThat(save("r-1", form).statusCode()).isEqualTo(422);
      form.remove("other");
      form.put("field.text", " ");
      assertThat(save("r-1", form).statusCode()).isEqualTo(422);
      assertThat(record("r-1").get("fields")).asString().contains("koala");
    }

    @Test
    void can_be_deleted() throws Exception {
      String gone = idOf("r-1");
      owner.post(path() + "/" + gone + "/delete", Map.of());

      assertThat(records()).hasSize(RECORDS - 1);
      assertThat(owner.get(path() + "/" + gone).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void annotators_and_strangers_reach_none_of_it() throws Exception {
    String record = idOf("r-1");
    for (TestServer.Person person :
        List.of(annotator, server.person("admin", server.workspace()))) {
      Visitor visitor = new Visitor(server.address());
      visitor.signIn(person.username(), "a long password");
      for (String page : List.of("", "/" + record)) {
        assertThat(visitor.get(path() + page).statusCode()).isEqualTo(403);
      }
      for (String change :
          List.of("/delete", "/delete-found", "/" + record, "/" + record + "/delete")) {
        assertThat(visitor.post(path() + change, Map.of()).statusCode()).as(change).isEqualTo(403);
      }
    }
    assertThat(records()).hasSize(RECORDS);
  }
}
