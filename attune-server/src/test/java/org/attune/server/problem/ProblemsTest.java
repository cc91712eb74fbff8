package org.attune.server.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller.Answer;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProblemsTest {

  private TestServer server;
  private String workspace;
  private String export;

  @BeforeAll
  void start(@TempDir Path data) {
    server = TestServer.over(data);
    workspace = server.workspace();
    export = "/api/attune/datasets/" + server.dataset(workspace) + "/export";
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String type(Answer answer) {
    return answer.response().headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void a_problem_says_what_kind_it_is_what_happened_and_where() {
    Answer answer = server.owner().get("/api/attune/datasets/none/export");

    assertThat(type(answer)).isEqualTo("application/problem+json");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "type", "/problems/not-found",
                "title", "There is no such thing",
                "status", 404,
                "detail", "Dataset with id `none` not found",
                "instance", "/api/attune/datasets/none/export"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/attune/nothing, 404, about:blank",
    "GET, /api/attune/, 404, about:blank",
    "POST, /api/attune/datasets/1/export, 405, about:blank",
    "GET, /api/attune/datasets/1/export, 404, /problems/not-found"
  })
  void every_failure_there_is_a_problem(String method, String path, int status, String type) {
    Answer answer = server.owner().send(method, path, null);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(type(answer)).isEqualTo("application/problem+json");
    assertThat(answer.json())
        .containsEntry("type", type)
        .containsEntry("status", status)
        .containsEntry("instance", path)
        .containsKeys("title", "detail");
  }

  @Test
  void a_wrong_method_is_told_the_right_ones() {
    Answer answer = server.owner().post("/api/attune/datasets/1/export", Map.of());

    assertThat(answer.response().headers().firstValue("Allow").orElse("")).contains("GET");
  }

  @Test
  void whoever_is_not_known_gets_a_problem() {
    Answer answer = server.caller("no such key").get(export);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(type(answer)).startsWith("application/problem+json");
    assertThat(answer.json()).containsEntry("type", "/problems/unauthenticated");
  }

  @Test
  void whoever_may_not_gets_a_problem() {
    Answer answer = server.person("annotator", workspace).caller().get(export);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json()).containsEntry("type", "/problems/forbidden");
  }

  @Test
  void a_page_of_another_site_gets_a_problem() throws Exception {
    Visitor visitor = new Visitor(server.address());
    visitor.signIn("owner", "owner's password");

    HttpResponse<String> foreign = visitor.post(export, Map.of(), "Origin", "https://evil.example");

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }

  @Test
  void all_faults_of_a_request_are_told_at_once() {
    Answer answer =
        server
            .owner()
            .get(
                export
                    + "?format=xml&answers=best&task=none"
                    + "&strategy.label=guess&strategy.colour=majority");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json()).containsEntry("type", "/problems/malformed");
    List<Map<String, Object>> errors = answer.objects("errors").stream().map(Map::copyOf).toList();
    assertThat(errors)
        .extracting(error -> error.get("parameter"))
        .containsExactly("format", "answers", "task", "strategy.label", "strategy.colour");
    assertThat(errors)
        .first()
        .extracting(error -> error.get("detail"))
        .isEqualTo("must be one of jsonl, csv, parquet, hub, training but was xml");
  }

  @Test
  void a_fault_in_a_body_is_a_pointer_into_it() {
    Problem problem =
        Problem.of(
            new SchemaException(
                List.of(
                    new SchemaException.Fault(
                        List.of("body", "items", 2, "a/b~c"), "Field required", "missing"))),
            "/api/attune/x");

    assertThat(problem.errors())
        .containsExactly(new Problem.InputError("pointer", "#/items/2/a~1b~0c", "Field required"));
  }

  @Test
  void whoever_follows_a_link_is_shown_a_page() throws Exception {
    Visitor visitor = new Visitor(server.address());
    visitor.signIn("owner", "owner's password");

    HttpResponse<String> page =
        visitor.get("/api/attune/datasets/none/export", "Accept", "text/html,*/*;q=0.8");

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("There is no such page");
  }

  @ParameterizedTest
  @EnumSource
  void each_type_is_the_address_of_a_page_that_explains_it(RequestException.Reason reason)
      throws Exception {
    HttpResponse<String> page =
        new Visitor(server.address()).get(Problem.of(reason, "", "/").type());

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("" + reason.status()).doesNotContain("??");
  }

  @Test
  void the_page_of_malformed_requests_is_there_and_of_others_not() throws Exception {
    Visitor visitor = new Visitor(server.address());

    assertThat(visitor.get("/problems/malformed").body()).contains("lists every fault");
    assertThat(visitor.get("/problems/none").statusCode()).isEqualTo(404);
  }

  @Test
  void the_routes_of_argilla_keep_their_own_errors() {
    Answer answer = server.owner().get("/api/v1/nothing");

    assertThat(type(answer)).isEqualTo("application/json");
    assertThat(answer.json()).containsEntry("detail", "Not Found");
  }
}
