package org.attune.server.builder;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildDatasetTest {

  private static final String CSV =
      """
      id,text,source,label
      a,"Prices rose,
      again",wire,economy
      b,Ünïcode 日本語 wins the cup,web,sport
      """;

  private TestServer server;
  private Visitor owner;
  private String workspace;
  private Path data;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    data = folder;
    server = TestServer.over(folder);
    workspace = server.workspace();
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, String> form(String name) {
    Map<String, String> form = new HashMap<>();
    form.put("name", name);
    form.put("workspace", workspace);
    form.put("template", "text-classification");
    form.put("labels", "economy\nsport");
    return form;
  }

  /** The id of a new draft, filled from a file. */
  private String draft(String fileName, String content) throws Exception {
    HttpResponse<String> created = owner.upload("/datasets/new", form("news"), fileName, content);
    String next = created.headers().firstValue("Location").orElseThrow();
    assertThat(next).endsWith("/build/data");
    return next.split("/", -1)[2];
  }

  private HttpResponse<String> map(String id, String... uses) throws Exception {
    Map<String, String> form = new HashMap<>();
    for (int i = 0; i < uses.length; i++) {
      form.put("use-" + i, uses[i]);
      if (uses[i].equals("text") || uses[i].equals("markdown")) {
        form.put("required-" + i, "on");
      }
    }
    return owner.post("/dataset/" + id + "/build/data", form);
  }

  private HttpResponse<String> publish(String id) throws Exception {
    return owner.post("/dataset/" + id + "/build/publish", Map.of());
  }

  private List<Map<String, Object>> records(String id) {
    return server
        .owner()
        .get("/api/v1/datasets/" + id + "/records?include=suggestions&limit=100")
        .items();
  }

  private long filesKept() throws Exception {
    Path uploads = data.resolve("uploads");
    if (!Files.exists(uploads)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(uploads)) {
      return files.count();
    }
  }

  @Test
  void a_file_and_a_template_become_a_published_dataset() throws Exception {
    String id = draft("news.csv", CSV);
    assertThat(owner.get("/dataset/" + id + "/build/data").body())
        .contains("Ünïcode 日本語 wins the cup")
        .contains("value=\"external-id\" selected")
        .contains("value=\"suggestion:label\" selected");
    map(id, "external-id", "text", "metadata", "suggestion:label");
    owner.post(
        "/dataset/" + id + "/build/people", Map.of("minSubmitted", "2", "guidelines", "Read."));
    HttpResponse<String> published = publish(id);

    assertThat(published.statusCode()).as(published.body()).isEqualTo(302);
    assertThat(records(id))
        .hasSize(2)
        .first()
        .satisfies(
            record -> {
              assertThat(record.get("external_id")).isEqualTo("a");
              assertThat(record.get("fields")).isEqualTo(Map.of("text", "Prices rose,\nagain"));
              assertThat(record.get("metadata")).isEqualTo(Map.of("source", "wire"));
              assertThat(String.valueOf(record.get("suggestions"))).contains("value=economy");
            });
    assertThat(server.owner().get("/api/v1/datasets/" + id).body()).contains("\"min_submitted\":2");
    assertThat(filesKept()).isZero();
  }

  @Test
  void a_step_can_be_left_and_taken_up_again() throws Exception {
    String id = draft("news.csv", CSV);
    map(id, "ignore", "markdown", "ignore", "ignore");

    assertThat(owner.get("/datasets").body()).contains("/dataset/" + id + "/build/questions");
    assertThat(owner.get("/dataset/" + id + "/build/data").body())
        .contains("value=\"markdown\" selected");
    assertThat(owner.get("/dataset/" + id + "/build/publish").body()).contains("news.csv");
  }

  @Nested
  class Wrong_rows {

    @Test
    void are_all_told_with_their_lines_and_nothing_is_written() throws Exception {
      String id =
          draft("news.csv", "id,text,label\na,\"two\nlines\",economy\nb,,sport\na,x,none\n");
      map(id, "external-id", "text", "suggestion:label");
      HttpResponse<String> refused = publish(id);

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body())
          .contains("2 of 3 rows are wrong")
          .contains("Line 4")
          .contains("Line 5")
          .contains("must not be twice in the file")
          .doesNotContain("Line 2<");
      assertThat(server.owner().get("/api/v1/datasets/" + id).text("status")).isEqualTo("draft");
    }

    @Test
    void can_be_given_another_use_and_published_then() throws Exception {
      String id = draft("news.jsonl", "{\"text\":\"a\",\"label\":\"none\"}\n");
      map(id, "text", "suggestion:label");
      assertThat(publish(id).statusCode()).isEqualTo(422);
      map(id, "text", "ignore");

      assertThat(publish(id).statusCode()).isEqualTo(302);
      assertThat(records(id)).hasSize(1);
    }
  }

  @Nested
  class A_bad_upload {

    @ParameterizedTest
    @ValueSource(strings = {"news.exe", "news", "news.csv.gz", "../../news.sh", ""})
    void of_an_unknown_kind_leaves_no_draft_and_no_file(String name) throws Exception {
      HttpResponse<String> refused = owner.upload("/datasets/new", form("news"), name, CSV);

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(owner.get("/datasets").body()).doesNotContain("/build/questions");
      assertThat(filesKept()).isZero();
    }

    @Test
    void that_climbs_out_of_the_folder_stays_in_it() throws Exception {
      String id = draft("../../../etc/news.csv", CSV);

      assertThat(owner.get("/dataset/" + id + "/build/data").body()).contains("“news.csv”");
      assertThat(filesKept()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"news.json", "news.jsonl", "news.parquet"})
    void that_is_not_what_its_name_says_is_told_by_its_own_name(String name) throws Exception {
      HttpResponse<String> refused =
          owner.upload("/datasets/new", form("news"), name, "{\"text\": broken");

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains(name).doesNotContain(data.toString());
      assertThat(filesKept()).isZero();
    }
  }

  @Nested
  class Names {

    @Test
    void that_are_taken_are_refused() throws Exception {
      owner.upload("/datasets/new", form("news"), "news.csv", CSV);

      assertThat(owner.upload("/datasets/new", form("news"), "news.csv", CSV).body())
          .contains("already exists");
    }

    @Test
    void of_columns_become_names_that_fields_may_have() {
      assertThat(ColumnUse.nameOf("Überschrift (kurz)", 0)).isEqualTo("uberschrift-kurz");
      assertThat(ColumnUse.nameOf("日本", 2)).isEqualTo("column-3");
    }
  }

  @Nested
  class Questions {

    @Test
    void are_previewed_added_moved_and_removed() throws Exception {
      String id = draft("news.csv", CSV);
      String path = "/dataset/" + id + "/build/questions";
      Map<String, String> rating =
          Map.of("title", "How <b>good</b>?", "type", "rating", "lowest", "1", "highest", "3");

      assertThat(owner.post(path + "/preview", rating).body())
          .contains("How &lt;b&gt;good&lt;/b&gt;?")
          .contains("<span>3</span>");
      owner.post(path, rating);
      List<Map<String, Object>> questions =
          server.owner().get("/api/v1/datasets/" + id + "/questions").items();
      assertThat(questions)
          .extracting(one -> one.get("name"))
          .containsExactly("label", "how-b-good-b");
      String last = String.valueOf(questions.get(1).get("id"));
      owner.post(path + "/" + last + "/up", Map.of());
      assertThat(server.owner().get("/api/v1/datasets/" + id + "/questions").items())
          .extracting(one -> one.get("name"))
          .containsExactly("how-b-good-b", "label");
      owner.post(path + "/" + last + "/delete", Map.of());
      assertThat(server.owner().get("/api/v1/datasets/" + id + "/questions").items()).hasSize(1);
    }

    @Test
    void that_break_a_rule_are_refused_and_what_was_typed_stays() throws Exception {
      String id = draft("news.csv", CSV);
      HttpResponse<String> refused =
          owner.post(
              "/dataset/" + id + "/build/questions",
              Map.of("title", "Topic", "type", "label_selection", "options", "only one"));

      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("only one").contains("options");
    }

    @Test
    void are_fixed_once_the_dataset_is_published() throws Exception {
      String id = server.dataset(workspace);

      assertThat(
              owner
                  .post("/dataset/" + id + "/build/questions", Map.of("title", "T", "type", "text"))
                  .statusCode())
          .isEqualTo(422);
    }
  }

  @Test
  void more_rows_are_imported_after_publishing_and_known_external_ids_are_errors()
      throws Exception {
    String id = draft("news.csv", CSV);
    map(id, "external-id", "text", "metadata", "suggestion:label");
    publish(id);
    owner.upload(
        "/dataset/" + id + "/build/data/file", Map.of(), "more.csv", "id,text\nb,x\nc,y\n");
    map(id, "external-id", "text");
    assertThat(publish(id).body()).contains("1 of 2 rows").contains("that of another record");
    owner.upload("/dataset/" + id + "/build/data/file", Map.of(), "more.csv", "id,text\nc,y\n");
    map(id, "external-id", "text");
    publish(id);

    assertThat(records(id))
        .extracting(one -> one.get("external_id"))
        .containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"annotator", "stranger"})
  void who_does_not_manage_the_workspace_builds_nothing_in_it(String who) throws Exception {
    String id = draft("news.csv", CSV);
    TestServer.Person person =
        who.equals("annotator")
            ? server.person("annotator", workspace)
            : server.person("admin", server.workspace());
    Visitor visitor = new Visitor(server.address());
    visitor.signIn(person.username(), "a long password");

    for (String step : new String[] {"data", "questions", "people", "publish"}) {
      String path = "/dataset/" + id + "/build/" + step;
      assertThat(visitor.get(path).statusCode()).as(path).isEqualTo(403);
      assertThat(visitor.post(path, Map.of("title", "T", "minSubmitted", "1")).statusCode())
          .as(path)
          .isEqualTo(403);
    }
    assertThat(visitor.upload("/datasets/new", form("other"), "news.csv", CSV).statusCode())
        .isEqualTo(403);
    assertThat(
            visitor
                .upload("/dataset/" + id + "/build/data/file", Map.of(), "news.csv", CSV)
                .statusCode())
        .isEqualTo(403);
  }
}
