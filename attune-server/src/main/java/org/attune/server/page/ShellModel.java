package org.attune.server.page;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import org.attune.server.access.Authentication;
import org.attune.server.access.SignedIn;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.SchemaException;
import org.attune.server.storage.StorageException;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Gives every page its {@link Shell}, and failures a page. */
@ControllerAdvice(annotations = Page.class)
final class ShellModel {

  private final Authentication authentication;

  ShellModel(Authentication authentication) {
    this.authentication = authentication;
  }

  @ModelAttribute("shell")
  Shell shell(HttpServletRequest request) {
    Language language = Language.of(request);
    Optional<SignedIn> sender = sender(request);
    String query = request.getQueryString();
    return new Shell(
        language.code(),
        Theme.of(request).text(),
        ImportMap.of(language).text(),
        sender.map(SignedIn::user).orElse(null),
        request.getRequestURI() + (query == null ? "" : "?" + query));
  }

  /** An address that asks for what there is not: somebody changed it, or it is an old link. */
  @ExceptionHandler
  String malformed(
      SchemaException e, HttpServletRequest request, HttpServletResponse response, Model model) {
    return refused(
        RequestException.unprocessable(String.valueOf(e.getMessage())), request, response, model);
  }

  /**
   * Who sent the request; nobody on a page about a failing database, which would only be waited for
   * again.
   */
  private Optional<SignedIn> sender(HttpServletRequest request) {
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof StorageException) {
      return Optional.empty();
    }
    try {
      return authentication.of(request);
    } catch (StorageException e) {
      if (request.getDispatcherType() != DispatcherType.ERROR) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @ExceptionHandler
  String refused(
      RequestException e, HttpServletRequest request, HttpServletResponse response, Model model) {
    response.setStatus(e.reason().status());
    if (e.retryAfter() > 0) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(e.retryAfter()));
    }
    model.addAttribute("shell", shell(request));
    model.addAttribute("reason", e.reason().name().toLowerCase(Locale.ROOT));
    model.addAttribute("detail", e.getMessage());
    return "problem";
  }
}
