package org.attune.server.argilla;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.SchemaException;
import org.attune.server.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.exc.StreamReadException;

/** Turns failures into the bodies that Argilla's clients read. */
@RestControllerAdvice(annotations = ArgillaRoutes.class)
final class ArgillaErrors {

  private static final Logger LOG = LoggerFactory.getLogger(ArgillaErrors.class);
  private static final String SECOND_GENERATION = "/api/v1/";
  private static final String CODE = "argilla.api.errors::";

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> refused(RequestException e, HttpServletRequest request) {
    boolean isFirst = !request.getRequestURI().startsWith(SECOND_GENERATION);
    RequestException.Subject subject = e.subject();
    Object detail =
        switch (e.reason()) {
          case UNAUTHENTICATED -> coded("UnauthorizedError", Map.of("detail", text(e)));
          case FORBIDDEN -> coded("ForbiddenOperationError", Map.of("detail", text(e)));
          case NOT_FOUND ->
              isFirst && subject != null ? about("EntityNotFoundError", subject) : text(e);
          case CONFLICT ->
              isFirst && subject != null ? about("EntityAlreadyExistsError", subject) : text(e);
          case UNPROCESSABLE, TOO_LARGE, TOO_MANY -> text(e);
        };
    ResponseEntity.BodyBuilder response = ResponseEntity.status(e.reason().status());
    if (e.retryAfter() > 0) {
      response.header(HttpHeaders.RETRY_AFTER, Long.toString(e.retryAfter()));
    }
    return response.body(Map.of("detail", detail));
  }

  private static Map<String, Object> about(String code, RequestException.Subject subject) {
    return coded(code, Map.of("name", subject.name(), "type", subject.kind()));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> broken(InvalidFeedbackException e) {
    return body(RequestException.Reason.UNPROCESSABLE.status(), text(e));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> malformed(SchemaException e) {
    return invalid(
        e.faults().stream()
            .map(
                fault ->
                    Map.<String, Object>of(
                        "loc", fault.location(), "msg", fault.message(), "type", fault.type()))
            .toList());
  }

  /** Says where JSON is broken; which class it could not become is the server's own business. */
  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unreadable(HttpMessageNotReadableException e) {
    boolean isBroken = e.getCause() instanceof StreamReadException;
    String message = "Input should be a valid dictionary, so the body must be a JSON object";
    if (e.getCause() instanceof StreamReadException broken) {
      message =
          "JSON decode error in line %d, column %d: %s"
              .formatted(
                  broken.getLocation().getLineNr(),
                  broken.getLocation().getColumnNr(),
                  broken.getOriginalMessage());
    }
    return invalid(
        List.of(
            Map.of(
                "loc",
                List.of("body"),
                "msg",
                message,
                "type",
                isBroken ? "json_invalid" : "dict_type")));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> missing(MissingServletRequestParameterException e) {
    return invalid(
        List.of(
            Map.of(
                "loc",
                List.of("query", e.getParameterName()),
                "msg",
                "Field required",
                "type",
                "missing")));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> mistyped(MethodArgumentTypeMismatchException e) {
    return invalid(
        List.of(
            Map.of("loc", List.of("query", e.getName()), "msg", text(e), "type", "type_error")));
  }

  /** Nothing is wrong with the request: it can be sent again. */
  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unstored(StorageException e) {
    LOG.error("A request could not be served. {}", e.getMessage(), e.getCause());
    ResponseEntity.BodyBuilder response = ResponseEntity.status(e.fault().status());
    if (e.fault().retryAfterSeconds() > 0) {
      response.header(HttpHeaders.RETRY_AFTER, Integer.toString(e.fault().retryAfterSeconds()));
    }
    return response.body(Map.of("detail", text(e)));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> failed(RuntimeException e) {
    LOG.error("A request failed unexpectedly.", e);
    return body(
        HttpStatus.INTERNAL_SERVER_ERROR.value(),
        coded(
            "GenericServerError",
            Map.of(
                "type", e.getClass().getSimpleName(), "message", "The server's log says more.")));
  }

  private static ResponseEntity<Map<String, Object>> invalid(List<Map<String, Object>> errors) {
    return body(
        RequestException.Reason.UNPROCESSABLE.status(),
        coded("ValidationError", Map.of("errors", errors)));
  }

  private static Map<String, Object> coded(String code, Map<String, Object> params) {
    return Map.of("code", CODE + code, "params", params);
  }

  private static ResponseEntity<Map<String, Object>> body(int status, Object detail) {
    return ResponseEntity.status(status).body(Map.of("detail", detail));
  }

  private static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
