package org.attune.server.contract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.server.Caller;
import org.attune.server.TestServer;

/**
 * What the rows of a table talk about: names in braces stand for ids of things that are made when a
 * row first names them. {@link #fresh} forgets them, so that no row sees what another did.
 */
final class World implements AutoCloseable {

  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  private final TestServer server;
  private final Caller owner;
  private final String workspace;
  private final Map<String, TestServer.Person> people = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private int made;

  World(TestServer server) {
    this.server = server;
    this.owner = server.owner();
    this.workspace = server.workspace();
    people.put("admin", server.person("admin", workspace));
    people.put("annotator", server.person("annotator", workspace));
    people.put("stranger", server.person("admin", server.workspace()));
  }

  void fresh() {
    ids.clear();
  }

  /** The owner, an admin or annotator of the workspace, an admin of another one, or nobody. */
  Caller caller(String who) {
    return switch (who) {
      case "owner" -> owner;
      case "nobody" -> server.caller(null);
      default -> Objects.requireNonNull(people.get(who), who).caller();
    };
  }

  /** The text with the ids in the place of their names. */
  String fill(String text) {
    return NAME.matcher(text).replaceAll(name -> Matcher.quoteReplacement(id(name.group(1))));
  }

  private String id(String name) {
    String id = ids.get(name);
    if (id == null) {
      id = make(name);
      ids.put(name, id);
    }
    return id;
  }

  private String make(String name) {
    return switch (name) {
      case "new" -> "new-" + ++made;
      case "missing" -> UUID.randomUUID().toString();
      case "workspace" -> workspace;
      case "emptyWorkspace" -> server.workspace();
      case "workspaceName" -> owner.get("/api/v1/workspaces/" + workspace).text("name");
      case "annotator", "admin", "stranger" -> Objects.requireNonNull(people.get(name), name).id();
      case "me" -> owner.get("/api/v1/me").text("id");
      case "user" -> server.person("annotator", null).id();
      case "member" -> server.person("annotator", workspace).id();
      case "emptyMember" -> server.person("annotator", id("emptyWorkspace")).id();
      case "dataset" -> server.dataset(workspace);
      case "datasetName" -> owner.get("/api/v1/datasets/" + id("dataset")).text("name");
      case "draft" -> draft();
      case "draftField" -> first("/api/v1/datasets/" + id("draft") + "/fields");
      case "draftQuestion" -> first("/api/v1/datasets/" + id("draft") + "/questions");
      case "field" -> first("/api/v1/datasets/" + id("dataset") + "/fields");
      case "label" -> first("/api/v1/datasets/" + id("dataset") + "/questions");
      case "secondQuestion" ->
          String.valueOf(
              owner
                  .get("/api/v1/datasets/" + id("dataset") + "/questions")
                  .items()
                  .get(1)
                  .get("id"));
      case "property" -> first("/api/v1/me/datasets/" + id("dataset") + "/metadata-properties");
      case "vector" -> first("/api/v1/datasets/" + id("dataset") + "/vectors-settings");
      case "whole" -> Whole.make(owner, workspace, "whole-" + ++made);
      case "record" -> record(id("dataset"), Map.of("fields", Map.of("text", "Hello")));
      case "other" -> record(id("dataset"), Map.of("fields", Map.of("text", "Good bye")));
      case "wholeRecord" -> record(id("whole"), Whole.record());
      case "response" -> response("owner");
      case "annotatorResponse" -> response("annotator");
      case "suggestion" ->
          owner
              .put(
                  "/api/v1/records/" + id("record") + "/suggestions",
                  Map.of("question_id", id("label"), "value", "yes"))
              .text("id");
      case "webhook" ->
          owner
              .post(
                  "/api/v1/webhooks",
                  Map.of("url", "http://hooks.example.org", "events", List.of("record.created")))
              .text("id");
      default -> whole(name);
    };
  }

  /** The id of a question of the dataset with one question of each kind, by its name. */
  private String whole(String name) {
    return owner.get("/api/v1/datasets/" + id("whole") + "/questions").items().stream()
        .filter(question -> name.equals(question.get("name")))
        .map(question -> String.valueOf(question.get("id")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is called {" + name + "}"));
  }

  private String draft() {
    String id =
        owner
            .post("/api/v1/datasets", Map.of("name", "draft-" + ++made, "workspace_id", workspace))
            .text("id");
    owner.post("/api/v1/datasets/" + id + "/fields", TestServer.field("text", true));
    owner.post("/api/v1/datasets/" + id + "/questions", TestServer.labels());
    return id;
  }

  private String first(String path) {
    return String.valueOf(owner.get(path).items().get(0).get("id"));
  }

  private String record(String dataset, Object record) {
    return String.valueOf(
        owner
            .post("/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", List.of(record)))
            .items()
            .get(0)
            .get("id"));
  }

  private String response(String who) {
    return caller(who)
        .post(
            "/api/v1/records/" + id("record") + "/responses",
            Map.of("status", "submitted", "values", Map.of("label", Map.of("value", "yes"))))
        .text("id");
  }

  @Override
  public void close() {
    server.close();
  }
}
