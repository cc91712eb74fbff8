package org.attune.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.attune.server.Caller;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** Holds answers against what the server's own description says of them. */
final class AnswerSchemas {

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final Map<?, ?> document;
  private final Map<String, Schema> schemas = new HashMap<>();

  /** The description that a server gives. */
  AnswerSchemas(Caller caller) {
    this.document = caller.get("/api/attune/openapi.json").json();
  }

  /** Fails unless the answer has a described status, and the form that is described for it. */
  void check(String method, String path, Caller.Answer answer) {
    String template = template(path.replaceFirst("\\?.*", ""), method);
    String status = String.valueOf(answer.status());
    String place = method + " " + template + " " + status;
    Map<?, ?> described =
        under(document, "paths", template, method.toLowerCase(Locale.ROOT), "responses");
    assertThat(described.keySet()).as("%s: %s", place, answer.body()).anyMatch(status::equals);
    if (!(under(described, status).get("content") instanceof Map<?, ?> content)) {
      assertThat(answer.body()).as(place).isEmpty();
      return;
    }
    String type = String.valueOf(content.keySet().iterator().next());
    if (type.endsWith("json")) {
      assertThat(answer.response().headers().firstValue("Content-Type").orElse("none"))
          .as(place)
          .startsWith(type);
      assertThat(schema(place, under(content, type)).validate(answer.body(), InputFormat.JSON))
          .as("%s: %s", place, answer.body())
          .isEmpty();
    }
  }

  /** Whether a route is described as one that needs no key. */
  boolean isOpen(String method, String path) {
    return under(document, "paths", template(path, method), method.toLowerCase(Locale.ROOT))
        .containsKey("security");
  }

  private Schema schema(String place, Map<?, ?> described) {
    return schemas.computeIfAbsent(
        place,
        key -> {
          Map<String, @Nullable Object> whole = new LinkedHashMap<>();
          under(described, "schema")
              .forEach((keyword, value) -> whole.put(String.valueOf(keyword), value));
          whole.put("components", document.get("components"));
          return REGISTRY.getSchema(Json.write(whole));
        });
  }

  /** The described path of a request; one without variables goes first. */
  private String template(String path, String method) {
    Map<?, ?> paths = under(document, "paths");
    if (paths.containsKey(path)) {
      return path;
    }
    return paths.entrySet().stream()
        .filter(
            entry -> path.matches(String.valueOf(entry.getKey()).replaceAll("\\{\\w+}", "[^/]+")))
        .filter(
            entry -> ((Map<?, ?>) entry.getValue()).containsKey(method.toLowerCase(Locale.ROOT)))
        .map(entry -> String.valueOf(entry.getKey()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
  }

  private static Map<?, ?> under(Map<?, ?> map, String... keys) {
    Map<?, ?> inner = map;
    for (String key : keys) {
      inner = (Map<?, ?>) Objects.requireNonNull(inner.get(key), key);
    }
    return inner;
  }
}
