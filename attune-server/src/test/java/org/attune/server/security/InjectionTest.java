package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that would mean something to SQL or to Lucene, wherever a text is looked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InjectionTest {

  private TestServer server;
  private Caller owner;
  private String dataset;

  @BeforeAll
  void a_dataset_with_two_records(@TempDir Path folder) {
    server = TestServer.over(folder);
    owner = server.owner();
    dataset = "/api/v1/datasets/" + server.dataset(server.workspace());
    owner.post(
        dataset + "/records/bulk",
        Map.of(
            "items",
            List.of(
                Map.of("fields", Map.of("text", "one"), "metadata", Map.of("source", "web")),
                Map.of("fields", Map.of("text", "two"), "metadata", Map.of("source", "book")))));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** Nothing is found and nothing breaks; what is refused is refused as a rule. */
  private static void assertHarmless(Caller.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isIn(200, 404, 422);
    if (answer.status() == 200) {
      assertThat(answer.items()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "'; DROP TABLE records; --",
        "\" OR 1=1 --",
        "%",
        "_",
        "\\",
        "1); DELETE FROM users; --",
        "*:*",
        "text:*",
        "te?t~2^9",
        "[* TO *]",
        "/.*/",
        "{!func}1",
        "AND OR NOT",
        "\"unbalanced (",
        "${7*7} #{7*7} {{7*7}}",
        "\u202e\u0301\ud83d\ude00"
      })
  void a_hostile_text_finds_nothing_and_breaks_nothing(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    Map<String, Object> source = Map.of("entity", "metadata", "metadata_property", "source");

    assertHarmless(search(Map.of("query", Map.of("text", Map.of("q", "zebra " + text)))));
    assertThat(search(Map.of("query", Map.of("text", Map.of("q", text)))).status()).isIn(200, 422);
    assertHarmless(search(Map.of("query", Map.of("text", Map.of("q", "one", "field", text)))));
    assertHarmless(filter(Map.of("type", "terms", "scope", source, "values", List.of(text))));
    assertHarmless(
        filter(
            Map.of(
                "type",
                "terms",
                "scope",
                Map.of("entity", "metadata", "metadata_property", text),
                "values",
                List.of("web"))));
    assertHarmless(
        filter(
            Map.of(
                "type",
                "terms",
                "scope",
                Map.of("entity", "response", "question", text),
                "values",
                List.of("yes"))));
    assertHarmless(
        search(
            Map.of(
                "sort",
                List.of(
                    Map.of(
                        "scope",
                        Map.of("entity", "metadata", "metadata_property", text),
                        "order",
                        "asc")))));
    assertHarmless(owner.get(dataset + "/records?sort_by=" + encoded));
    assertHarmless(owner.get(dataset + "/records?metadata=source:" + encoded));
    assertHarmless(owner.get("/api/v1/me/datasets?name=" + encoded));
    assertHarmless(owner.get("/api/v1/me/datasets?workspace_id=" + encoded));
    assertHarmless(owner.get("/api/attune/audit?user=" + encoded));
    assertThat(owner.delete(dataset + "/records?ids=" + encoded).status()).isIn(204, 422);

    assertThat(owner.get(dataset + "/records").json())
        .as("everything is still there")
        .containsEntry("total", 2);
    assertThat(owner.get("/api/v1/users").items()).isNotEmpty();
  }

  private Caller.Answer search(Map<String, Object> body) {
    return owner.post(dataset + "/records/search", body);
  }

  private Caller.Answer filter(Map<String, Object> filter) {
    return search(Map.of("filters", Map.of("and", List.of(filter))));
  }
}
