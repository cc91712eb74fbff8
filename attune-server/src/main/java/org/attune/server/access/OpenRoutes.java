package org.attune.server.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.attune.server.problem.Problem;

/** What anybody may ask for without having signed in. */
public final class OpenRoutes {

  private static final Set<String> PATHS =
      Set.of(
          "/sign-in",
          "/sign-in/oidc",
          "/sign-in/oidc/callback",
          "/preferences",
          "/favicon.ico",
          "/error",
          "/api/_info",
          "/api/_status",
          "/api/security/token",
          "/api/v1/version",
          "/api/v1/status",
          "/api/v1/settings",
          "/api/v1/token",
          "/api/v1/oauth2/providers");
  private static final List<String> FOLDERS =
      List.of("/assets/", "/webjars/", Problem.PAGES, "/api/v1/oauth2/");

  boolean contains(String path) {
    return PATHS.contains(path)
        || (FOLDERS.stream().anyMatch(path::startsWith) && !path.contains(".."));
  }

  /** The address of the page that was asked for, as a value within another address. */
  static String encode(HttpServletRequest request) {
    String query = request.getQueryString();
    String address = request.getRequestURI() + (query == null ? "" : "?" + query);
    return URLEncoder.encode(address, StandardCharsets.UTF_8);
  }
}
