package org.attune.server.screens;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;

/** A server with something on every page: people, a dataset that is answered, and a draft. */
final class Showcase {

  private static final String CSV =
      """
      id,ticket,channel,team
      T-1,"The invoice of October was charged twice, and nobody answers the phone.",mail,billing
      T-2,"Since the update the app closes as soon as I open a picture.",app,support
      T-3,"Could you send the contract in German? Meine Buchhaltung braucht sie.",mail,sales
      """;

  private final TestServer server;
  private final Caller owner;
  private final String workspace;
  private final TestServer.Person mina;
  private final String published;
  private final String draft;

  Showcase(TestServer server) throws Exception {
    this.server = server;
    this.owner = server.owner();
    this.workspace = owner.post("/api/v1/workspaces", Map.of("name", "curation")).text("id");
    this.mina = server.person("annotator", workspace);
    this.published = published();
    this.draft = draft();
  }

  /** An address in which the names in braces stand for what there is. */
  String address(String pattern) {
    return server.address()
        + pattern
            .replace("{published}", published)
            .replace("{draft}", draft)
            .replace("{record}", ids("/api/v1/datasets/" + published).get(0))
            .replace("{question}", questionId("/api/v1/datasets/" + published, "faults"))
            .replace("{person}", mina.id());
  }

  private String published() {
    String id =
        owner
            .post(
                "/api/v1/datasets",
                Map.of(
                    "name",
                    "assistant-preferences",
                    "workspace_id",
                    workspace,
                    "guidelines",
                    "Judge what **helps** the person who asked.\n\n- True beats fluent.\n"
                        + "- Short beats long.",
                    "distribution",
                    Map.of("strategy", "overlap", "min_submitted", 2)))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    field(path, "prompt", true);
    field(path, "response-1", true);
    field(path, "response-2", true);
    question(
        path,
        "preference",
        "Which response is better?",
        Map.of("type", "ranking", "options", options("response-1", "response-2")));
    question(
        path,
        "helpful",
        "How helpful is the better one?",
        Map.of("type", "rating", "options", ratings()));
    question(
        path,
        "faults",
        "What is wrong with the other?",
        Map.of(
            "type",
            "multi_label_selection",
            "options",
            options("off topic", "incomplete", "made up", "unsafe", "too long")));
    property(path, "category", Map.of("type", "terms"));
    property(path, "length", Map.of("type", "integer"));
    expect(owner.put(path + "/publish", null));
    records(path);
    List<String> ids = ids(path);
    TestServer.Person ada = server.person("annotator", workspace);
    for (int i = 0; i < 4; i++) {
      answer(mina.caller(), ids.get(i), "response-1", 6);
      answer(ada.caller(), ids.get(i), i == 1 ? "response-2" : "response-1", i == 2 ? 3 : 6);
    }
    answer(owner, ids.get(4), "response-2", 4);
    return id;
  }

  private static List<Map<String, Object>> ratings() {
    List<Map<String, Object>> ratings = new ArrayList<>();
    for (int value = 1; value <= 7; value++) {
      ratings.add(Map.of("value", value));
    }
    return ratings;
  }

  private static List<Map<String, Object>> options(String... values) {
    List<Map<String, Object>> options = new ArrayList<>();
    for (String value : values) {
      options.add(Map.of("value", value, "text", value.replace("-", " ")));
    }
    return options;
  }

  private void field(String path, String name, boolean required) {
    expect(owner.post(path + "/fields", TestServer.field(name, required)));
  }

  private void question(String path, String name, String title, Map<String, Object> settings) {
    expect(
        owner.post(
            path + "/questions",
            Map.of("name", name, "title", title, "required", true, "settings", settings)));
  }

  private void property(String path, String name, Map<String, Object> settings) {
    expect(
        owner.post(
            path + "/metadata-properties",
            Map.of("name", name, "title", name, "settings", settings)));
  }

  private void records(String path) {
    List<List<String>> texts =
        List.of(
            List.of(
                "When did Virgin Australia start operating?",
                "It began flying on 31 August 2000, with two aircraft on one route.",
                "The airline is based in Australia and has the largest fleet of its brand."),
            List.of(
                "Why can camels survive for long without water?",
                "They lose little: their kidneys save it, and their temperature may rise by day.",
                "Camels store water in their humps and drink it over several weeks."),
            List.of(
                "Write a short note to a colleague who leaves.",
                "Dear Jo, thank you for five good years. The team will miss your calm.",
                "Goodbye."),
            List.of(
                "Is it safe to look at the sun through a phone?",
                "Not for the phone for long, and not for your eyes beside its edge. Use a filter.",
                "Yes, phones are made for it."),
            List.of(
                "Explain recursion to a child.",
                "A function that calls itself until a base case holds.",
                "Look into two mirrors: in each picture there is a smaller one."),
            List.of(
                "Translate “Feierabend”.",
                "The end of the working day, and the free evening that begins with it.",
                "Party evening."));
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < texts.size() * 2; i++) {
      List<String> text = texts.get(i % texts.size());
      items.add(
          Map.of(
              "external_id",
              "prompt-" + (i + 1),
              "fields",
              Map.of("prompt", text.get(0), "response-1", text.get(1), "response-2", text.get(2)),
              "metadata",
              Map.of("category", i % 2 == 0 ? "closed question" : "writing", "length", 40 + i),
              "suggestions",
              List.of(suggestion(path))));
    }
    expect(owner.post(path + "/records/bulk", Map.of("items", items)));
  }

  private Map<String, Object> suggestion(String path) {
    String question = questionId(path, "helpful");
    return Map.of(
        "question_id", question, "value", 6, "score", 0.83, "agent", "reward-model/step-400");
  }

  private String questionId(String path, String name) {
    return owner.get(path + "/questions").items().stream()
        .filter(one -> name.equals(one.get("name")))
        .map(one -> String.valueOf(one.get("id")))
        .findFirst()
        .orElseThrow();
  }

  private List<String> ids(String path) {
    return owner.get(path + "/records?limit=100").items().stream()
        .map(record -> String.valueOf(record.get("id")))
        .toList();
  }

  private static void answer(Caller person, String record, String better, int rating) {
    String other = better.equals("response-1") ? "response-2" : "response-1";
    expect(
        person.post(
            "/api/v1/records/" + record + "/responses",
            Map.of(
                "status",
                "submitted",
                "values",
                Map.of(
                    "preference",
                    Map.of(
                        "value",
                        List.of(
                            Map.of("value", better, "rank", 1), Map.of("value", other, "rank", 2))),
                    "helpful",
                    Map.of("value", rating),
                    "faults",
                    Map.of("value", List.of("incomplete"))))));
  }

  private static void expect(Caller.Answer answer) {
    if (answer.status() >= 300) {
      throw new AssertionError(answer.response().uri() + " " + answer.body());
    }
  }

  private String draft() throws Exception {
    Visitor visitor = new Visitor(server.address());
    visitor.signIn("owner", "owner's password");
    Map<String, String> form =
        Map.of(
            "name",
            "support-tickets",
            "workspace",
            workspace,
            "template",
            "text-classification",
            "labels",
            "billing\nsupport\nsales");
    String next =
        visitor
            .upload("/datasets/new", form, "tickets.csv", CSV)
            .headers()
            .firstValue("Location")
            .orElseThrow();
    return next.split("/", -1)[2];
  }
}
