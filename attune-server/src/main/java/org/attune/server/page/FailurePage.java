package org.attune.server.page;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.attune.server.problem.OwnRoutes;
import org.attune.server.problem.Problem;
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
  String page(HttpServletRequest request, Model model) {
    HttpStatus status = status(request);
    model.addAttribute("reason", status.is4xxClientError() ? "not_found" : "failed");
    model.addAttribute("detail", status.value() + " " + status.getReasonPhrase());
    return "problem";
  }

  /** The same for programs. */
  @RequestMapping("/error")
  ResponseEntity<Map<String, ?>> body(HttpServletRequest request) {
    HttpStatus status = status(request);
    String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    if (OwnRoutes.contain(path)) {
      return ResponseEntity.status(status)
          .contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE))
          .body(Problem.of(status, null, path).json());
    }
    return ResponseEntity.status(status).body(Map.of("detail", status.getReasonPhrase()));
  }

  private static HttpStatus status(HttpServletRequest request) {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    HttpStatus known = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return known == null ? HttpStatus.NOT_FOUND : known;
  }
}
