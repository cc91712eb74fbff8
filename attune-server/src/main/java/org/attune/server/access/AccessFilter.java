package org.attune.server.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.attune.server.json.Json;
import org.attune.server.problem.OwnRoutes;
import org.attune.server.problem.Problem;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.RequestException.Reason;
import org.attune.server.storage.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request to a closed route through only if its sender is known, and a request that a
 * browser signed by its cookie only if it comes from a page of this server.
 */
public final class AccessFilter extends OncePerRequestFilter {

  private static final Logger LOG = LoggerFactory.getLogger(AccessFilter.class);
  static final String SIGNED_IN = AccessFilter.class.getName() + ".signedIn";

  /** Keys that people chose may be short enough to be guessed. */
  private static final int WRONG_KEYS_PER_MINUTE = 1_000;

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String ARGILLA =
      "{\"detail\":{\"code\":\"argilla.api.errors::%s\",\"params\":{\"detail\":\"%s\"}}}";
  private static final String FOREIGN = "The request comes from a page of another site";

  private final Authentication authentication;
  private final OpenRoutes openRoutes;
  private final RequestLimit requests;
  private final RequestLimit wrongKeys;

  /**
   * A filter.
   *
   * @param requestsPerMinute how many requests a user, or an address without one, may send; 0 for
   *     any number
   */
  public AccessFilter(
      Authentication authentication, OpenRoutes openRoutes, int requestsPerMinute, Clock clock) {
    this.authentication = authentication;
    this.openRoutes = openRoutes;
    this.requests = new RequestLimit(requestsPerMinute, clock);
    this.wrongKeys = new RequestLimit(WRONG_KEYS_PER_MINUTE, clock);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<SignedIn> sender = authentication.of(request);
    sender.ifPresent(known -> request.setAttribute(SIGNED_IN, known));
    Origin.begin(
        new Origin(
            sender.map(known -> known.user().id()).orElse(null),
            sender.map(known -> known.user().username()).orElse(null),
            request.getRemoteAddr()));
    try {
      answer(request, response, chain, sender);
      if (response.getStatus() == HttpServletResponse.SC_FORBIDDEN) {
        LOG.warn(
            "Refused {} {} to user {} from {}.",
            request.getMethod(),
            request.getRequestURI(),
            sender.map(known -> known.user().id()).orElse("unknown"),
            request.getRemoteAddr());
      }
    } finally {
      Origin.end();
    }
  }

  private void answer(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      Optional<SignedIn> sender)
      throws ServletException, IOException {
    String path = request.getRequestURI();
    Duration wait = wait(request, sender);
    if (!wait.isZero()) {
      RequestException tooMany = RequestException.tooMany("Too many requests", wait);
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(tooMany.retryAfter()));
      refuse(path, response, tooMany.reason(), String.valueOf(tooMany.getMessage()));
    } else if (isForeign(request)) {
      refuse(path, response, Reason.FORBIDDEN, FOREIGN);
    } else if (sender.isPresent() || openRoutes.contains(path)) {
      chain.doFilter(request, response);
    } else if (path.startsWith("/api/")) {
      refuse(path, response, Reason.UNAUTHENTICATED, unauthenticated(request));
    } else {
      response.sendRedirect("/sign-in?redirect=" + OpenRoutes.encode(request));
    }
  }

  private static String unauthenticated(HttpServletRequest request) {
    Object expired = request.getAttribute(Authentication.EXPIRED);
    return expired == null
        ? "Could not validate credentials"
        : "The key or token expired on "
            + expired
            + " UTC. Sign in to the server and make another on the page of your account.";
  }

  /** Known people are counted by themselves, wherever they are: an office has one address. */
  private Duration wait(HttpServletRequest request, Optional<SignedIn> sender) {
    if (sender.isPresent()) {
      return requests.take("user " + sender.get().user().id());
    }
    String address = ClientAddress.of(request);
    Duration wrong = Authentication.presentsKey(request) ? wrongKeys.take(address) : Duration.ZERO;
    return wrong.isZero() ? requests.take("address " + address) : wrong;
  }

  private static void refuse(
      String path, HttpServletResponse response, Reason reason, String detail) throws IOException {
    response.setStatus(reason.status());
    if (OwnRoutes.contain(path)) {
      response.setContentType(Problem.MEDIA_TYPE);
      response.getWriter().write(Json.write(Problem.of(reason, detail, path).json()));
    } else {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.getWriter().write(argilla(reason, detail));
    }
  }

  private static String argilla(Reason reason, String detail) {
    return switch (reason) {
      case TOO_MANY -> "{\"detail\":\"" + detail + "\"}";
      case FORBIDDEN -> ARGILLA.formatted("ForbiddenOperationError", detail);
      default -> ARGILLA.formatted("UnauthorizedError", detail);
    };
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
