package org.attune.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.json.Json;

/** A published dataset with one field, question, property of each kind, and a vector. */
final class Whole {

  private static final String OPTIONS =
      "\"options\": [{\"value\": \"a\", \"text\": \"A\"}, {\"value\": \"b\", \"text\": \"B\"},"
          + " {\"value\": \"c\", \"text\": \"C\"}]";

  /** In the order in which they are made: a question of spans names a field. */
  private static final Map<String, List<String>> SETTINGS = new LinkedHashMap<>();

  static {
    SETTINGS.put(
        "fields",
        List.of(
            "text {\"type\": \"text\"}",
            "picture {\"type\": \"image\"}",
            "chat {\"type\": \"chat\"}",
            "custom {\"type\": \"custom\", \"template\": \"<b>{{a}}</b>\"}"));
    SETTINGS.put(
        "questions",
        List.of(
            "words {\"type\": \"text\"}",
            "rating {\"type\": \"rating\", \"options\": [{\"value\": 1}, {\"value\": 5}]}",
            "one {\"type\": \"label_selection\", " + OPTIONS + "}",
            "many {\"type\": \"multi_label_selection\", " + OPTIONS + "}",
            "order {\"type\": \"ranking\", " + OPTIONS + "}",
            "spans {\"type\": \"span\", \"field\": \"text\", " + OPTIONS + "}"));
    SETTINGS.put(
        "metadata-properties",
        List.of(
            "terms {\"type\": \"terms\", \"values\": [\"x\", \"y\"]}",
            "count {\"type\": \"integer\", \"min\": 1, \"max\": 9}",
            "share {\"type\": \"float\", \"min\": 0.5, \"max\": 1.5}"));
  }

  private Whole() {}

  static String make(Caller owner, String workspace, String name) {
    String id =
        owner
            .post(
                "/api/v1/datasets",
                Map.of("name", name, "workspace_id", workspace, "allow_extra_metadata", false))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    SETTINGS.forEach(
        (kind, settings) -> {
          for (String setting : settings) {
            String[] parts = setting.split(" ", 2);
            boolean required = parts[0].equals("text") || parts[0].equals("one");
            made(
                owner.post(
                    path + "/" + kind,
                    Map.of(
                        "name",
                        parts[0],
                        "title",
                        parts[0],
                        "required",
                        required,
                        "settings",
                        Json.object(parts[1]))));
          }
        });
    made(
        owner.post(
            path + "/vectors-settings",
            Map.of("name", "meaning", "title", "Meaning", "dimensions", 3)));
    assertThat(owner.put(path + "/publish", null).status()).isEqualTo(200);
    return id;
  }

  private static void made(Caller.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  /** A record whose text has seven characters, the last of which is two UTF-16 units. */
  static Map<String, Object> record() {
    return Map.of("fields", Map.of("text", "Hello 🎈"));
  }
}
