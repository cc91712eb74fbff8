package org.attune.server.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.jspecify.annotations.Nullable;

/** A dataset with one question of each kind and a few records, and what is known of its answers. */
final class AnnotatedDataset {

  static final String EMOJI_TEXT = "Ada 👩‍🚀 flew to Perth 🛩️ on 31 August 2000.";
  static final String HOSTILE =
      "<img src=x onerror=\"window.hacked=1\"> [link](javascript:window.hacked=1)"
          + " <script>window.hacked=1</script> **bold**";

  private final Caller owner;
  private final String id;

  AnnotatedDataset(TestServer server) {
    this.owner = server.owner();
    this.id =
        owner
            .post(
                "/api/v1/datasets",
                Map.of(
                    "name",
                    "all-kinds",
                    "workspace_id",
                    server.workspace(),
                    "guidelines",
                    "Be **kind**."))
            .text("id");
    field("text", "Text", Map.of("type", "text"), true);
    field("answer", "Answer", Map.of("type", "text", "use_markdown", true), false);
    field("talk", "Talk", Map.of("type", "chat", "use_markdown", true), false);
    field("picture", "Picture", Map.of("type", "image"), false);
    field(
        "card",
        "Card",
        Map.of("type", "custom", "template", "<b>{{record.fields.card.title}}</b>"),
        false);
    question("order", true, Map.of("type", "ranking", "options", options("a", "b", "c")));
    question("rating", true, Map.of("type", "rating", "options", numbers(1, 7)));
    question("label", false, Map.of("type", "label_selection", "options", options("yes", "no")));
    question("labels", false, labels());
    question(
        "names",
        false,
        Map.of("type", "span", "field", "text", "options", options("PERSON", "PLACE", "DATE")));
    question("better", false, Map.of("type", "text"));
    owner.put(path() + "/publish", null);
  }

  String path() {
    return "/api/v1/datasets/" + id;
  }

  String page() {
    return "/dataset/" + id + "/annotation-mode";
  }

  private void field(String name, String title, Map<String, Object> settings, boolean required) {
    post(
        "/fields",
        Map.of("name", name, "title", title, "required", required, "settings", settings));
  }

  private void question(String name, boolean required, Map<String, Object> settings) {
    post(
        "/questions",
        Map.of("name", name, "title", name, "required", required, "settings", settings));
  }

  private void post(String route, Map<String, Object> body) {
    Caller.Answer answer = owner.post(path() + route, body);
    if (answer.status() >= 300) {
      throw new AssertionError(route + " " + answer.body());
    }
  }

  private static List<Map<String, Object>> options(String... values) {
    return List.of(values).stream()
        .map(value -> Map.<String, Object>of("value", value, "text", value))
        .toList();
  }

  private static List<Map<String, Object>> numbers(int from, int to) {
    List<Map<String, Object>> numbers = new ArrayList<>();
    for (int value = from; value <= to; value++) {
      numbers.add(Map.of("value", value));
    }
    return numbers;
  }

  private static Map<String, Object> labels() {
    return Map.of(
        "type",
        "multi_label_selection",
        "visible_options",
        3,
        "options",
        options(
            "vague", "rude", "wrong", "long", "short", "copied", "biased", "old", "odd", "empty",
            "unsafe"));
  }

  /** Adds records whose external ids are {@code record-0}, {@code record-1} and so on. */
  void addRecords(int count) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          Map.of(
              "external_id",
              "record-" + i,
              "fields",
              Map.of("text", EMOJI_TEXT, "answer", "Number " + i),
              "suggestions",
              List.of(
                  Map.of(
                      "question_id",
                      questionId("rating"),
                      "value",
                      6,
                      "score",
                      0.83,
                      "agent",
                      "reward model"))));
    }
    post("/records/bulk", Map.of("items", items));
  }

  void addRecord(String externalId, Map<String, Object> fields) {
    post(
        "/records/bulk",
        Map.of("items", List.of(Map.of("external_id", externalId, "fields", fields))));
  }

  private String questionId(String name) {
    return owner.get(path() + "/questions").items().stream()
        .filter(question -> name.equals(question.get("name")))
        .map(question -> String.valueOf(question.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, @Nullable Object> record(String externalId) {
    return owner
        .get("/api/v1/me/datasets/" + id + "/records?limit=100&include=responses")
        .items()
        .stream()
        .filter(record -> externalId.equals(record.get("external_id")))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private @Nullable Map<String, @Nullable Object> response(String externalId) {
    List<Map<String, @Nullable Object>> responses =
        (List<Map<String, @Nullable Object>>)
            Objects.requireNonNull(record(externalId).get("responses"));
    return responses.isEmpty() ? null : responses.get(0);
  }

  /** The status of the owner's response; {@code pending} for none. */
  String status(String externalId) {
    Map<String, @Nullable Object> response = response(externalId);
    return response == null ? "pending" : String.valueOf(response.get("status"));
  }

  /** What the owner answered, by the names of the questions. */
  @SuppressWarnings("unchecked")
  Map<String, @Nullable Object> answers(String externalId) {
    Map<String, @Nullable Object> answers = new LinkedHashMap<>();
    Map<String, @Nullable Object> response = Objects.requireNonNull(response(externalId));
    Map<String, Map<String, @Nullable Object>> values =
        (Map<String, Map<String, @Nullable Object>>) Objects.requireNonNull(response.get("values"));
    values.forEach((question, value) -> answers.put(question, value.get("value")));
    return answers;
  }

  /** Answers as the owner does from another device. */
  void answerElsewhere(String externalId, int rating) {
    Map<String, Object> values = Map.of("rating", Map.of("value", rating));
    owner.post(
        "/api/v1/me/responses/bulk",
        Map.of(
            "items",
            List.of(
                Map.of(
                    "record_id",
                    String.valueOf(record(externalId).get("id")),
                    "status",
                    "draft",
                    "values",
                    values))));
  }
}
