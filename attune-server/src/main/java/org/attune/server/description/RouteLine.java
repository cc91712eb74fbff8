package org.attune.server.description;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route or a schema as the page shows it, in the notation of the files.
 *
 * @param takes the query and the body
 * @param answers one line for each status of success
 * @param fails the statuses of failures
 */
record RouteLine(
    String method,
    String path,
    String summary,
    boolean open,
    List<String> takes,
    List<String> answers,
    String fails) {

  static RouteLine of(RouteDescription route) {
    List<String> takes =
        List.of("query", "body", "form").stream()
            .filter(part -> route.notation().get(part) != null)
            .map(part -> part + ": " + text(route.notation().get(part)))
            .toList();
    List<String> answers =
        route.successes().entrySet().stream()
            .map(answer -> answer.getKey() + ": " + text(answer.getValue()))
            .toList();
    String fails = route.failures().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return new RouteLine(
        route.method(), route.path(), route.summary(), route.isOpen(), takes, answers, fails);
  }

  /** A schema and what it stands for. */
  record SchemaLine(String name, String notation) {}

  static List<SchemaLine> schemas(Map<String, Object> schemas) {
    return schemas.entrySet().stream()
        .map(schema -> new SchemaLine(schema.getKey(), text(schema.getValue())))
        .toList();
  }

  private static String text(@Nullable Object notation) {
    if (!(notation instanceof Map<?, ?> map)) {
      return String.valueOf(notation);
    }
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
