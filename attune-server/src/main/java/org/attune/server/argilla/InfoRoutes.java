package org.attune.server.argilla;

import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;

/** What the server says about itself to anybody. */
@ArgillaRoutes
final class InfoRoutes {

  /** The last version of the server that clients of the first generation know; others warn. */
  private static final String KNOWN_TO_FIRST_CLIENTS = "1.29.1";

  private static final String VERSION = version();

  /** The keys without which clients of the first generation cannot read a status. */
  private static final Map<String, Object> SEARCH_ENGINE =
      Map.of(
          "name", "attune",
          "cluster_name", "attune",
          "cluster_uuid", "embedded",
          "tagline", "A part of the server",
          "version",
              Map.of(
                  "number", VERSION,
                  "build_type", "embedded",
                  "build_hash", VERSION,
                  "build_date", VERSION,
                  "build_snapshot", false,
                  "lucene_version", VERSION,
                  "minimum_wire_compatibility_version", VERSION,
                  "minimum_index_compatibility_version", VERSION));

  private static String version() {
    String version = InfoRoutes.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @GetMapping("/api/_info")
  Map<String, Object> info() {
    return Map.of("version", KNOWN_TO_FIRST_CLIENTS);
  }

  @GetMapping("/api/v1/version")
  Map<String, Object> version1() {
    return Map.of("version", VERSION);
  }

  @GetMapping("/api/v1/status")
  Map<String, Object> status() {
    return Map.of("version", VERSION, "search_engine", Map.of(), "memory", Map.of());
  }

  @GetMapping("/api/_status")
  Map<String, Object> status0() {
    return Map.of("version", VERSION, "elasticsearch", SEARCH_ENGINE, "mem_info", Map.of());
  }

  @GetMapping("/api/v1/settings")
  Map<String, Object> settings() {
    return Map.of("argilla", Map.of("share_your_progress_enabled", false));
  }

  /** Datasets of the kinds before feedback datasets; there are none here. */
  @GetMapping("/api/datasets")
  List<Object> oldDatasets() {
    return List.of();
  }
}
