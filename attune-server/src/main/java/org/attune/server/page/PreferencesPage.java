package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Choosing the theme and the language of the pages, which the browser remembers. */
@Page
final class PreferencesPage {

  private static final Duration LIFETIME = Duration.ofDays(365);

  @PostMapping("/preferences")
  String choose(
      @RequestParam @Nullable String theme,
      @RequestParam @Nullable String language,
      @RequestParam @Nullable String redirect,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (theme != null) {
      set(request, response, Theme.COOKIE, Theme.of(theme).text());
    }
    Language known = language == null ? null : Language.of(language);
    if (known != null) {
      set(request, response, Language.COOKIE, known.code());
    }
    return "redirect:" + ReturnAddress.of(redirect);
  }

  private static void set(
      HttpServletRequest request, HttpServletResponse response, String name, String value) {
    response.addHeader(HttpHeaders.SET_COOKIE, Cookies.header(request, name, value, LIFETIME));
  }
}
