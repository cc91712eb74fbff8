package org.attune.server.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells browsers to run and load nothing but what the server itself offers, apart from pictures,
 * which records may name at other sites.
 */
public final class SecurityHeaders extends OncePerRequestFilter {

  static final String POLICY = "Content-Security-Policy";

  /** The page in which the HTML of records is shown. */
  static final String FRAME = "/assets/frame.html";

  /** Scripts there have no origin, so no session, and no network but pictures. */
  private static final String FRAME_POLICY =
      "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline';"
          + " style-src 'unsafe-inline'; img-src data: https:; media-src data: https:;"
          + " frame-ancestors 'self'";

  private static final String HOURS = "public, max-age=43200";
  private static final String YEARS = "public, max-age=31536000, immutable";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean isFrame = request.getRequestURI().equals(FRAME);
    response.setHeader(POLICY, isFrame ? FRAME_POLICY : policy(Language.of(request)));
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", isFrame ? "SAMEORIGIN" : "DENY");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader(
        "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    if (request.isSecure()) {
      response.setHeader("Strict-Transport-Security", "max-age=31536000");
    }
    response.setHeader("Cache-Control", caching(request.getRequestURI()));
    chain.doFilter(request, response);
  }

  private static String policy(Language language) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self' " + ImportMap.of(language).source(),
        "style-src 'self'",
        "img-src 'self' data: https:",
        "media-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'");
  }

  /** What has its version in its address never changes; what is one's own is never kept. */
  private static String caching(String path) {
    if (path.startsWith("/webjars/")) {
      return YEARS;
    }
    if (path.equals(FRAME)) {
      return HOURS; // records are drawn in it without a connection, too
    }
    return path.startsWith("/assets/") ? "no-cache" : "no-store";
  }
}
