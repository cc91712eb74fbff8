package org.attune.server.description;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.page.Page;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What the routes for programs take and answer: as OpenAPI, and as a page. */
@Page
final class DescriptionRoutes {

  private final ApiDescription description = ApiDescription.load();
  private final Map<String, Object> openApi = description.openApi(version());

  private static String version() {
    String version = DescriptionRoutes.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @GetMapping(path = "/api/attune/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Map<String, Object>> openApi() {
    return ResponseEntity.ok(openApi);
  }

  /** A topic with its routes, for the page. */
  record Topic(String name, List<RouteLine> routes) {}

  @GetMapping("/api/attune/docs")
  String page(Model model) {
    Map<String, List<RouteLine>> topics = new LinkedHashMap<>();
    for (RouteDescription route : description.routes()) {
      topics.computeIfAbsent(route.topic(), topic -> new ArrayList<>()).add(RouteLine.of(route));
    }
    model.addAttribute(
        "topics",
        topics.entrySet().stream()
            .map(topic -> new Topic(topic.getKey(), topic.getValue()))
            .toList());
    model.addAttribute("schemas", RouteLine.schemas(description.schemas()));
    return "api";
  }
}
