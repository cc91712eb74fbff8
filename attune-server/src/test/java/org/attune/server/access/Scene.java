package org.attune.server.access;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.TestServer.Person;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;

/**
 * A workspace with everything in it that a route can be asked about, and people in and out of it.
 */
final class Scene {

  private static final Pattern NAME = Pattern.compile("\\{([a-z-]+)}");
  private static final String BOUNDARY = "----attune";

  private final HttpClient http = HttpClient.newHttpClient();
  private final TestServer server;
  private final String workspace;
  private final String elsewhere;
  private final Map<Sender, Person> people = new EnumMap<>(Sender.class);
  private final Map<String, String> things = new HashMap<>();
  private int made;

  Scene(TestServer server) {
    this.server = server;
    this.workspace = server.workspace();
    this.elsewhere = server.workspace();
  }

  /** The status that somebody gets for the example of a row. */
  int ask(AccessTable.Row row, Sender sender) {
    int status = send(row, sender == Sender.ANONYMOUS ? null : person(sender).apiKey());
    if (!row.method().equals("GET") && status < 400) {
      things.clear(); // what was changed is no example any more
      people.values().removeIf(person -> person.caller().get("/api/v1/me").status() != 200);
    }
    return status;
  }

  Person person(Sender sender) {
    return people.computeIfAbsent(
        sender,
        key ->
            server.person(
                key.role(), key == Sender.OWNER ? null : key.isInside() ? workspace : elsewhere));
  }

  int send(AccessTable.Row row, @Nullable String apiKey) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.address() + path(row)));
    String body = filled(row.body(), false);
    if (body.startsWith("file ")) {
      String[] parts = body.split(" ", 3);
      request.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
      body =
          "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n--%s--\r\n"
              .formatted(BOUNDARY, parts[1], parts[2], BOUNDARY);
    } else if (!body.isEmpty()) {
      request.header(
          "Content-Type",
          body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
    }
    if (apiKey != null) {
      request.header("X-Argilla-Api-Key", apiKey);
    }
    String method = row.method().equals("ANY") ? "GET" : row.method();
    request.method(method, HttpRequest.BodyPublishers.ofString(body));
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new AssertionError(row.route() + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(row.route() + " was interrupted", e);
    }
  }

  private String path(AccessTable.Row row) {
    return filled(row.path(), true);
  }

  private String filled(String text, boolean encoded) {
    return NAME.matcher(text)
        .replaceAll(
            name -> {
              String id = thing(name.group(1));
              return encoded ? URLEncoder.encode(id, StandardCharsets.UTF_8) : id;
            });
  }

  private String thing(String name) {
    String known = things.get(name);
    if (known == null) {
      known = make(name);
      if (!name.equals("new")) {
        things.put(name, known);
      }
    }
    return known;
  }

  private String make(String name) {
    Caller owner = server.owner();
    return switch (name) {
      case "new" -> "new-" + ++made;
      case "workspace" -> workspace;
      case "empty-workspace" -> emptyWorkspace();
      case "user" -> server.person("annotator", null).id();
      case "username" -> server.person("annotator", null).username();
      case "member" -> server.person("annotator", workspace).id();
      case "dataset" -> server.dataset(workspace);
      case "dataset-name" -> owner.get("/api/v1/datasets/" + thing("dataset")).text("name");
      case "draft" -> draft();
      case "uploaded-draft" -> uploaded();
      case "field" -> first("/api/v1/datasets/" + thing("draft") + "/fields");
      case "question" -> first("/api/v1/datasets/" + thing("draft") + "/questions");
      case "asked-question" -> first("/api/v1/datasets/" + thing("dataset") + "/questions");
      case "optional-question" -> last("/api/v1/datasets/" + thing("dataset") + "/questions");
      case "property" -> property("visible", true);
      case "hidden-property" -> property("hidden", false);
      case "vectors" -> first("/api/v1/datasets/" + thing("dataset") + "/vectors-settings");
      case "record" -> record();
      case "record-seen" ->
          String.valueOf(
              Moments.parse(owner.get("/api/v1/records/" + thing("record")).text("updated_at")));
      case "suggestion" -> first("/api/v1/records/" + thing("record") + "/suggestions");
      case "response" -> response(person(Sender.ANNOTATOR_INSIDE).caller());
      case "response-of-another" -> response(server.person("annotator", workspace).caller());
      case "webhook" ->
          id(
              owner.post(
                  "/api/v1/webhooks",
                  Map.of("url", "https://example.org/", "events", List.of("dataset.deleted"))));
      default -> throw new AssertionError("access.txt names {" + name + "}, which Scene lacks.");
    };
  }

  private static String id(Caller.Answer answer) {
    return String.valueOf(Objects.requireNonNull(answer.json().get("id"), answer.body()));
  }

  private String first(String list) {
    return String.valueOf(server.owner().get(list).items().get(0).get("id"));
  }

  private String last(String list) {
    List<Map<String, @Nullable Object>> items = server.owner().get(list).items();
    return String.valueOf(items.get(items.size() - 1).get("id"));
  }

  private String emptyWorkspace() {
    String id = server.workspace();
    for (Sender sender : Sender.values()) {
      if (sender.isInside()) {
        server
            .owner()
            .post("/api/v1/workspaces/" + id + "/users", Map.of("user_id", person(sender).id()));
      }
    }
    return id;
  }

  private String draft() {
    Caller owner = server.owner();
    String id =
        id(
            owner.post(
                "/api/v1/datasets", Map.of("name", "draft-" + ++made, "workspace_id", workspace)));
    owner.post("/api/v1/datasets/" + id + "/fields", TestServer.field("text", true));
    owner.post("/api/v1/datasets/" + id + "/questions", TestServer.labels());
    return id;
  }

  private String uploaded() {
    String path = "/dataset/" + thing("draft") + "/build/data/file";
    String body = "file rows.jsonl {\"text\": \"a\"}\n{\"text\": \"b\"}\n";
    send(new AccessTable.Row("POST " + path, List.of(), path, body), TestServer.OWNER_KEY);
    return thing("draft");
  }

  private String property(String name, boolean visible) {
    return id(
        server
            .owner()
            .post(
                "/api/v1/datasets/" + thing("dataset") + "/metadata-properties",
                Map.of(
                    "name", name,
                    "title", name,
                    "settings", Map.of("type", "integer"),
                    "visible_for_annotators", visible)));
  }

  private String record() {
    String question = thing("asked-question");
    Caller.Answer created =
        server
            .owner()
            .post(
                "/api/v1/datasets/" + thing("dataset") + "/records/bulk",
                Map.of(
                    "items",
                    List.of(
                        Map.of(
                            "fields",
                            Map.of("text", "one"),
                            "suggestions",
                            List.of(Map.of("question_id", question, "value", "yes"))))));
    return String.valueOf(created.items().get(0).get("id"));
  }

  private String response(Caller author) {
    return id(
        author.post(
            "/api/v1/records/" + thing("record") + "/responses",
            Map.of("status", "submitted", "values", Map.of("label", Map.of("value", "yes")))));
  }
}
