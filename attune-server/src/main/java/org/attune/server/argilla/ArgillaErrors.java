package org.attune.server.argilla;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.problem.MalformedRequest;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.SchemaException;
import org.attune.server.problem.UnreadableBody;
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
          case UNPROCESSABLE, TOO_MANY -> text(e);
        };
    ResponseEntity.BodyBuilder response = ResponseEntity.status(e.reason().status());
    if (e.retryAfter() > 0) {
      response.header(HttpHeaders.RETRY_AFTER, Long.toString(e.retryAfter()));
    }
    return response.body(Map.of("detail", detail));
  }

  private static Map<String, Object> about(String code, RequestException.Subject subject) {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("name", subject.name());
    params.put("type", subject.kind());
    return coded(code, params);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> broken(InvalidFeedbackException e) {
    return body(RequestException.Reason.UNPROCESSABLE.status(), text(e));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> malformed(SchemaException e) {
    return invalid(
        e.faults().stream()
            .map(fault -> error(fault.location(), fault.message(), fault.type()))
            .toList());
  }

  /** Says where JSON is broken; which class it could not become is the server's own business. */
  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unreadable(HttpMessageNotReadableException e) {
    UnreadableBody body = UnreadableBody.of(e);
    return invalid(
        List.of(
            error(
                List.of("body"), body.message(), body.isBroken() ? "json_invalid" : "dict_type")));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> missing(MissingServletRequestParameterException e) {
    return invalid(
        List.of(error(List.of("query", e.getParameterName()), "Field required", "missing")));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> mistyped(MethodArgumentTypeMismatchException e) {
    return invalid(List.of(error(List.of("query", e.getName()), text(e), "type_error")));
  }

  /** Nothing is wrong with the request: it can be sent again. */
  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unstored(StorageException e) {
    // without its trace: while the fault lasts, every request meets it
    LOG.error(
        "A request could not be served. {} ({})", e.getMessage(), String.valueOf(e.getCause()));
    return ResponseEntity.status(e.getStatusCode())
        .headers(e.getHeaders())
        .body(Map.of("detail", text(e)));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> failed(RuntimeException e) {
    if (MalformedRequest.causes(e)) {
      return body(HttpStatus.BAD_REQUEST.value(), MalformedRequest.TEXT);
    }
    LOG.error("A request failed unexpectedly.", e);
    return body(
        HttpStatus.INTERNAL_SERVER_ERROR.value(),
        coded(
            "GenericServerError",
            Map.of(
                "type", e.getClass().getSimpleName(), "message", "The server's log says more.")));
  }

  /** In the order in which FastAPI tells them. */
  private static Map<String, Object> error(List<?> location, String message, String type) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("loc", location);
    error.put("msg", message);
    error.put("type", type);
    return error;
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
