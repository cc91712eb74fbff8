package org.attune.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.server.Caller;
import org.attune.server.TestServer;

/** Feedback of every kind, in several scripts, on a server. */
final class FilledServer {

  static final String WORDS = "Grüße, 世界 🌍 עברית\t\"quoted\"\u2028'; DROP TABLE users; --";

  private FilledServer() {}

  /** Puts feedback on a server, and returns the id of its dataset. */
  static String fill(TestServer server) {
    String workspace = server.workspace();
    String dataset = server.dataset(workspace);
    TestServer.Person ana = server.person("annotator", workspace);
    List<Map<String, Object>> items =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    Map.of(
                        "external_id",
                        "r" + i,
                        "fields",
                        Map.of("text", WORDS + i),
                        "metadata",
                        Map.of("length", i, "source", "书"),
                        "vectors",
                        Map.of("meaning", List.of(i + 0.1, -1e-30, 3.4e38)),
                        "suggestions",
                        List.of(Map.of("question_name", "label", "value", "yes", "score", 0.25))))
            .toList();
    String records = "/api/v1/datasets/" + dataset + "/records/bulk";
    Caller.Answer made = server.owner().put(records, Map.of("items", items));
    List<String> ids = new ArrayList<>();
    made.items().forEach(item -> ids.add(String.valueOf(item.get("id"))));
    for (String id : ids.subList(0, 10)) {
      Map<String, Object> response =
          Map.of("status", "submitted", "values", Map.of("label", Map.of("value", "no")));
      ana.caller().post("/api/v1/records/" + id + "/responses", response);
    }
    server.owner().delete("/api/v1/datasets/" + dataset + "/records?ids=" + ids.get(39));
    Map<String, Object> webhook =
        Map.of("url", "https://example.org/hook", "events", List.of("response.created"));
    server.owner().post("/api/v1/webhooks", webhook);
    return dataset;
  }

  /** Rows of tables that few routes write. */
  static void fillTheRest(Store store) throws SQLException, IOException {
    try (Connection connection = store.source().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO audit_log (inserted_at, user_id, action, subject, details)"
              + " VALUES (9007199254740993, NULL, 'sign-in', 'ü', '{}')");
      statement.execute(
          "INSERT INTO adjudications (record_id, question_id, answer, source, author_id,"
              + " inserted_at) SELECT r.id, q.id, '\"yes\"', 'review', u.id, 7 FROM records r,"
              + " questions q, users u WHERE r.external_id = 'r3' AND u.role = 'owner'");
      statement.execute("INSERT INTO server_state (name, value) VALUES ('empty', '')");
      statement.execute(
          "INSERT INTO uploads (dataset_id, file_name, stored_as, mapping, inserted_at)"
              + " SELECT id, 'données.csv', 'a.csv', '{}', 1 FROM datasets");
      statement.execute("UPDATE responses SET seconds = 0.1");
    }
    Files.createDirectories(store.data().resolve("uploads"));
    Files.writeString(upload(store), "text\nGrüße\n");
    Files.createDirectories(store.data().resolve("index/one"));
    Files.writeString(store.data().resolve("index/one/segments"), "of the index");
  }

  static Path upload(Store store) {
    return store.data().resolve("uploads/a.csv");
  }
}
