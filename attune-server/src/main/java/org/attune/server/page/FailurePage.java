package org.attune.server.page;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import org.attune.server.problem.MalformedRequest;
import org.attune.server.problem.OwnRoutes;
import org.attune.server.problem.Problem;
import org.attune.server.storage.StorageException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMapping;

/** What is shown where no route is, or where one failed without saying why. */
@Page
final class FailurePage implements ErrorController {

  @RequestMapping(path = "/error", produces = MediaType.TEXT_HTML_VALUE)
  String page(HttpServletRequest request, HttpServletResponse response, Model model) {
    HttpStatus status = status(request);
    Optional<StorageException> unstored = unstored(request, response);
    model.addAttribute(
        "reason",
        unstored.isPresent() ? "unavailable" : status.is4xxClientError() ? "not_found" : "failed");
    model.addAttribute("detail", status.value() + " " + status.getReasonPhrase());
    return "problem";
  }

  /** The same for programs. */
  @RequestMapping("/error")
  ResponseEntity<Map<String, ?>> body(HttpServletRequest request, HttpServletResponse response) {
    HttpStatus status = status(request);
    String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    Optional<String> told = unstored(request, response).map(StorageException::getMessage);
    if (OwnRoutes.contain(path)) {
      return ResponseEntity.status(status)
          .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
          .body(Problem.of(status, told.orElse(null), path).json());
    }
    return ResponseEntity.status(status)
        .body(Map.of("detail", told.orElse(status.getReasonPhrase())));
  }

  /** The fault of the database that the request met, if one did; tells when to come again. */
  private static Optional<StorageException> unstored(
      HttpServletRequest request, HttpServletResponse response) {
    if (!(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof StorageException e)) {
      return Optional.empty();
    }
    response.setStatus(e.getStatusCode().value());
    e.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
    return Optional.of(e);
  }

  private static HttpStatus status(HttpServletRequest request) {
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof StorageException e) {
      return HttpStatus.valueOf(e.fault().status());
    }
    if (MalformedRequest.causes(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))) {
      return HttpStatus.BAD_REQUEST;
    }
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus known = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return known == null ? HttpStatus.NOT_FOUND : known;
  }
}
