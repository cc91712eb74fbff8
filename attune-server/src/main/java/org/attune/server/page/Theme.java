package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How light the pages are. */
enum Theme {
  /** As the browser says. */
  SYSTEM,
  LIGHT,
  DARK;

  static final String COOKIE = "attune_theme";

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> all() {
    return Arrays.stream(values()).map(Theme::text).toList();
  }

  static Theme of(String text) {
    return Arrays.stream(values())
        .filter(theme -> theme.text().equals(text))
        .findFirst()
        .orElse(SYSTEM);
  }

  static Theme of(HttpServletRequest request) {
    return of(Cookies.value(request, COOKIE, ""));
  }
}
