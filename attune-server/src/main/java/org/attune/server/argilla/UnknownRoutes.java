package org.attune.server.argilla;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What is under {@code /api} and is no route: JSON, never a page. */
@ArgillaRoutes
final class UnknownRoutes {

  private final RequestMappingHandlerMapping routes;

  UnknownRoutes(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    this.routes = routes;
  }

  @RequestMapping("/api/**")
  ResponseEntity<Map<String, Object>> unknown(HttpServletRequest request) {
    HttpStatus status =
        hasOtherMethods(request) ? HttpStatus.METHOD_NOT_ALLOWED : HttpStatus.NOT_FOUND;
    return ResponseEntity.status(status).body(Map.of("detail", status.getReasonPhrase()));
  }

  /** Whether there is a route of the same path for other methods. */
  private boolean hasOtherMethods(HttpServletRequest request) {
    for (RequestMappingInfo route : routes.getHandlerMethods().keySet()) {
      PathPatternsRequestCondition paths = route.getPathPatternsCondition();
      if (!route.getMethodsCondition().isEmpty()
          && paths != null
          && paths.getMatchingCondition(request) != null) {
        return true;
      }
    }
    return false;
  }
}
