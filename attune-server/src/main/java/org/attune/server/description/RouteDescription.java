package org.attune.server.description;

import static org.attune.server.description.SchemaNotation.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * One route as the files under {@code api} describe it: {@code summary}, {@code open} if nobody has
 * to sign in, {@code query}, {@code body} or {@code form}, an answer for each status of success,
 * and in {@code fails} the statuses of failures besides those that every such route has.
 *
 * @param method GET and so on
 * @param path with {@code {names}} for what differs
 * @param topic under which the page shows it
 * @param notation what the file says about it
 */
record RouteDescription(String method, String path, String topic, Map<?, ?> notation) {

  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
  private static final String JSON = "application/json";

  String summary() {
    return String.valueOf(notation.get("summary"));
  }

  boolean isOpen() {
    return Boolean.TRUE.equals(notation.get("open"));
  }

  /** Whether failures are told as Argilla's clients read them, and not as problems. */
  boolean isArgilla() {
    return !path.startsWith("/api/attune/");
  }

  /** From the status of a success to the notation of its answer. */
  Map<Integer, Object> successes() {
    Map<Integer, Object> successes = new TreeMap<>();
    notation.forEach(
        (key, value) -> {
          if (key instanceof Integer status) {
            successes.put(status, value);
          }
        });
    return successes;
  }

  List<Integer> failures() {
    TreeMap<Integer, Boolean> failures = new TreeMap<>();
    if (!isOpen()) {
      failures.put(HttpStatus.UNAUTHORIZED.value(), true);
    }
    if (notation.get("body") != null || notation.get("query") != null) {
      failures.put(HttpStatus.UNPROCESSABLE_CONTENT.value(), true);
    }
    if (notation.get("form") != null) {
      failures.put(HttpStatus.UNPROCESSABLE_CONTENT.value(), true);
    }
    if (notation.get("fails") instanceof List<?> statuses) {
      statuses.forEach(status -> failures.put((Integer) status, true));
    }
    return List.copyOf(failures.keySet());
  }

  /** The route as an operation of OpenAPI. */
  Map<String, Object> operation(Map<String, Map<?, ?>> queries) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("tags", List.of(topic));
    operation.put("summary", summary());
    operation.put("operationId", method.toLowerCase(Locale.ROOT) + identifier());
    if (isOpen()) {
      operation.put("security", List.of());
    }
    List<Object> parameters = parameters(queries);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (notation.get("body") != null) {
      operation.put("requestBody", requestBody(JSON, notation.get("body")));
    } else if (notation.get("form") != null) {
      operation.put(
          "requestBody", requestBody("application/x-www-form-urlencoded", notation.get("form")));
    }
    operation.put("responses", responses());
    return operation;
  }

  private String identifier() {
    StringBuilder name = new StringBuilder();
    for (String part : path.substring("/api".length()).split("[^A-Za-z0-9]+", -1)) {
      if (!part.isEmpty()) {
        name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
      }
    }
    return name.toString();
  }

  private List<Object> parameters(Map<String, Map<?, ?>> queries) {
    List<Object> parameters = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(path);
    while (variable.find()) {
      parameters.add(parameter("path", variable.group(1), true, "string"));
    }
    Object query = notation.get("query");
    Map<?, ?> keys =
        query instanceof Map<?, ?> own
            ? own
            : queries.getOrDefault(String.valueOf(query), Map.of());
    keys.forEach(
        (key, type) -> {
          String name = String.valueOf(key);
          parameters.add(
              parameter(
                  "query", SchemaNotation.name(name), !SchemaNotation.isOptional(name), type));
        });
    return parameters;
  }

  private static Map<String, Object> parameter(
      String place, String name, boolean required, Object type) {
    return Map.of("in", place, "name", name, "required", required, "schema", schema(type));
  }

  private static Map<String, Object> requestBody(String type, Object notation) {
    return Map.of("required", true, "content", content(type, schema(notation)));
  }

  private static Map<String, Object> content(String type, Map<String, Object> schema) {
    return Map.of(type, Map.of("schema", schema));
  }

  private Map<String, Object> responses() {
    Map<String, Object> responses = new LinkedHashMap<>();
    successes()
        .forEach(
            (status, notation) -> responses.put(String.valueOf(status), answer(status, notation)));
    for (Integer status : failures()) {
      responses.put(String.valueOf(status), told(status, failure(status)));
    }
    return responses;
  }

  private Map<String, Object> failure(int status) {
    if (!isArgilla()) {
      return content("application/problem+json", schema("Problem"));
    }
    String old = path.startsWith("/api/v1/") ? "" : "Old";
    return content(
        JSON,
        schema(
            switch (HttpStatus.valueOf(status)) {
              case UNAUTHORIZED -> "Unauthorized";
              case FORBIDDEN -> "Forbidden";
              case NOT_FOUND -> old + "NotFound";
              case CONFLICT -> old + "Conflict";
              default -> "Unprocessable";
            }));
  }

  private static Map<String, Object> answer(int status, Object notation) {
    return switch (String.valueOf(notation)) {
      case "none" -> told(status, null);
      case "page" -> told(status, content("text/html", schema("string")));
      case "file" -> told(status, content("*/*", Map.of()));
      default -> told(status, content(JSON, schema(notation)));
    };
  }

  private static Map<String, Object> told(int status, @Nullable Map<String, Object> content) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("description", HttpStatus.valueOf(status).getReasonPhrase());
    if (content != null) {
      answer.put("content", content);
    }
    return answer;
  }
}
