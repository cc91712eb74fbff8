package org.attune.server.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.http.ResponseCookie;

/** The cookies of the pages; no script and no other site sees them. */
public final class Cookies {

  private Cookies() {}

  public static String value(HttpServletRequest request, String name, String otherwise) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(name)) {
          return cookie.getValue();
        }
      }
    }
    return otherwise;
  }

  /** The value of a header {@code Set-Cookie}; no age at all takes the cookie away. */
  public static String header(HttpServletRequest request, String name, String value, Duration age) {
    return ResponseCookie.from(name, value)
        .httpOnly(true)
        .secure(request.isSecure())
        .sameSite("Lax")
        .path("/")
        .maxAge(age)
        .build()
        .toString();
  }
}
