package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metadata property that annotators are not to see, on every way to it. */
final class HiddenMetadataTest {

  private TestServer server;
  private String dataset;
  private String record;
  private Caller annotator;

  @BeforeEach
  void a_record_with_a_hidden_salary(@TempDir Path folder) {
    server = TestServer.over(folder);
    String workspace = server.workspace();
    dataset = server.dataset(workspace);
    annotator = server.person("annotator", workspace).caller();
    Caller owner = server.owner();
    owner.post(
        "/api/v1/datasets/" + dataset + "/metadata-properties",
        Map.of(
            "name",
            "salary",
            "title",
            "Salary",
            "settings",
            Map.of("type", "integer"),
            "visible_for_annotators",
            false));
    record =
        String.valueOf(
            owner
                .post(
                    "/api/v1/datasets/" + dataset + "/records/bulk",
                    Map.of(
                        "items",
                        List.of(
                            Map.of(
                                "fields",
                                Map.of("text", "one"),
                                "metadata",
                                Map.of("salary", 4711, "length", 3)))))
                .items()
                .get(0)
                .get("id"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void records_come_without_it() {
    List<Caller.Answer> answers =
        List.of(
            annotator.get("/api/v1/records/" + record),
            annotator.get("/api/v1/me/datasets/" + dataset + "/records"),
            annotator.post("/api/v1/me/datasets/" + dataset + "/records/search", Map.of()));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.body()).contains("length").doesNotContain("salary", "4711");
            });
    assertThat(server.owner().get("/api/v1/records/" + record).body()).contains("4711");
  }

  @Test
  void no_filter_and_no_order_tells_what_it_is() {
    String list = "/api/v1/me/datasets/" + dataset + "/records?";

    assertThat(annotator.get(list + "metadata=salary:%7B%22ge%22:5000%7D").json().get("total"))
        .as("a filter by a name that is unknown is left out")
        .isEqualTo(1);
    assertThat(annotator.get(list + "sort_by=metadata.salary:asc").status()).isEqualTo(422);
    assertThat(
            annotator
                .post(
                    "/api/v1/me/datasets/" + dataset + "/records/search",
                    Map.of(
                        "filters",
                        Map.of(
                            "and",
                            List.of(
                                Map.of(
                                    "type",
                                    "range",
                                    "scope",
                                    Map.of("entity", "metadata", "metadata_property", "salary"),
                                    "ge",
                                    1)))))
                .status())
        .isEqualTo(422);
  }
}
