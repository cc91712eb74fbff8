package org.attune.server.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.attune.server.json.Json;
import org.attune.server.problem.OwnRoutes;
import org.attune.server.problem.Problem;
import org.attune.server.problem.RequestException.Reason;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request to a closed route through only if its sender is known, and a request that a
 * browser signed by its cookie only if it comes from a page of this server.
 */
public final class AccessFilter extends OncePerRequestFilter {

  static final String SIGNED_IN = AccessFilter.class.getName() + ".signedIn";
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String ARGILLA =
      "{\"detail\":{\"code\":\"argilla.api.errors::%s\",\"params\":{\"detail\":\"%s\"}}}";
  private static final String UNAUTHENTICATED = "Could not validate credentials";
  private static final String FOREIGN = "The request comes from a page of another site";

  private final Authentication authentication;
  private final OpenRoutes openRoutes;

  public AccessFilter(Authentication authentication, OpenRoutes openRoutes) {
    this.authentication = authentication;
    this.openRoutes = openRoutes;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<SignedIn> sender = authentication.of(request);
    sender.ifPresent(known -> request.setAttribute(SIGNED_IN, known));
    String path = request.getRequestURI();
    if (isForeign(request)) {
      refuse(path, response, Reason.FORBIDDEN, FOREIGN);
    } else if (sender.isPresent() || openRoutes.contains(path)) {
      chain.doFilter(request, response);
    } else if (path.startsWith("/api/")) {
      refuse(path, response, Reason.UNAUTHENTICATED, UNAUTHENTICATED);
    } else {
      response.sendRedirect("/sign-in?redirect=" + OpenRoutes.encode(request));
    }
  }

  private static void refuse(
      String path, HttpServletResponse response, Reason reason, String detail) throws IOException {
    response.setStatus(reason.status());
    if (OwnRoutes.contain(path)) {
      response.setContentType(Problem.MEDIA_TYPE);
      response.getWriter().write(Json.write(Problem.of(reason, detail, path).json()));
    } else {
      String code = reason == Reason.FORBIDDEN ? "ForbiddenOperationError" : "UnauthorizedError";
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.getWriter().write(ARGILLA.formatted(code, detail));
    }
  }

  /**
   * Whether a page of another site makes the browser change something. Programs send no such header
   * and no cookie. Forms are checked even without a cookie: nobody is to be signed in as somebody
   * else by a foreign page.
   */
  private static boolean isForeign(HttpServletRequest request) {
    boolean isForm = !request.getRequestURI().startsWith("/api/");
    if (SAFE.contains(request.getMethod())
        || (!isForm && Authentication.session(request) == null)) {
      return false;
    }
    String origin = request.getHeader("Origin");
    if (origin == null) {
      return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
    }
    try {
      return !String.valueOf(URI.create(origin).getAuthority()).equals(request.getHeader("Host"));
    } catch (IllegalArgumentException e) {
      return true; // "null" and other origins that are none
    }
  }
}
