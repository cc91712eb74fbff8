package org.attune.server.argilla;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What is under {@code /api} and is no route: JSON, never a page. */
@ArgillaRoutes
final class UnknownRoutes {

  @RequestMapping("/api/**")
  @ResponseStatus(HttpStatus.NOT_FOUND)
  Map<String, Object> unknown() {
    return Map.of("detail", "Not Found");
  }
}
