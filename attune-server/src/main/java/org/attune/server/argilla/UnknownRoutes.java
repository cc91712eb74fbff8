package org.attune.server.argilla;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** What is asked of a route that does not exist, or not with this method: JSON, never a page. */
@RestControllerAdvice
final class UnknownRoutes {

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unknown(
      NoResourceFoundException e, HttpServletRequest request) throws NoResourceFoundException {
    if (!request.getRequestURI().startsWith("/api/")) {
      throw e;
    }
    return ResponseEntity.status(HttpStatus.NOT_FOUND).body(Map.of("detail", "Not Found"));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> wrongMethod(HttpRequestMethodNotSupportedException e) {
    return ResponseEntity.status(HttpStatus.METHOD_NOT_ALLOWED)
        .body(Map.of("detail", "Method Not Allowed"));
  }
}
