package org.attune.server.page;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import org.attune.server.access.Authentication;
import org.attune.server.access.SignedIn;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.StorageException;
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

  /** Who sent the request; nobody on the page that says that this cannot be found out. */
  private Optional<SignedIn> sender(HttpServletRequest request) {
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
    model.addAttribute("shell", shell(request));
    model.addAttribute("reason", e.reason().name().toLowerCase(Locale.ROOT));
    model.addAttribute("detail", e.getMessage());
    return "problem";
  }
}
