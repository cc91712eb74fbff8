package org.attune.server.description;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The description of all routes for programs, read from the files under {@code api}: one for each
 * topic, with its {@code routes}, its {@code schemas} in {@link SchemaNotation} and its {@code
 * queries}, which are what several routes take after the question mark.
 */
final class ApiDescription {

  private static final String FILES = "classpath*:/api/*.yaml";

  private final List<RouteDescription> routes = new ArrayList<>();
  private final Map<String, Object> schemas = new LinkedHashMap<>();
  private final Map<String, Map<?, ?>> queries = new LinkedHashMap<>();

  private ApiDescription() {}

  static ApiDescription load() {
    ApiDescription description = new ApiDescription();
    try {
      Resource[] files = new PathMatchingResourcePatternResolver().getResources(FILES);
      Arrays.sort(files, Comparator.comparing(file -> String.valueOf(file.getFilename())));
      for (Resource file : files) {
        try (InputStream stream = file.getInputStream()) {
          description.add(new Yaml(new SafeConstructor(new LoaderOptions())).load(stream));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The description of the routes cannot be read.", e);
    }
    return description;
  }

  private void add(Map<?, ?> file) {
    String topic = String.valueOf(file.get("topic"));
    section(file, "routes")
        .forEach(
            (route, notation) -> {
              String[] parts = String.valueOf(route).split(" ", -1);
              routes.add(new RouteDescription(parts[0], parts[1], topic, (Map<?, ?>) notation));
            });
    section(file, "schemas")
        .forEach((name, notation) -> schemas.put(String.valueOf(name), notation));
    section(file, "queries")
        .forEach((name, keys) -> queries.put(String.valueOf(name), (Map<?, ?>) keys));
  }

  private static Map<?, ?> section(Map<?, ?> file, String name) {
    return file.get(name) instanceof Map<?, ?> section ? section : Map.of();
  }

  List<RouteDescription> routes() {
    return routes;
  }

  /** From the name of each schema to its notation. */
  Map<String, Object> schemas() {
    return schemas;
  }

  /** The description as OpenAPI 3.1. */
  Map<String, Object> openApi(String version) {
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (RouteDescription route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), route.operation(queries));
    }
    Map<String, Object> components = new LinkedHashMap<>();
    Map<String, Object> written = new LinkedHashMap<>();
    schemas.forEach((name, notation) -> written.put(name, SchemaNotation.schema(notation)));
    components.put("schemas", written);
    components.put(
        "securitySchemes",
        Map.of(
            "key", Map.of("type", "apiKey", "in", "header", "name", "X-Argilla-Api-Key"),
            "bearer", Map.of("type", "http", "scheme", "bearer")));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", Map.of("title", "Attune", "version", version));
    document.put("servers", List.of(Map.of("url", "/")));
    document.put("security", List.of(Map.of("key", List.of()), Map.of("bearer", List.of())));
    document.put("paths", paths);
    document.put("components", components);
    return document;
  }
}
