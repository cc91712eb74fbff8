package org.attune.server.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attune.server.account.Credentials;
import org.attune.server.account.Credentials.Kind;
import org.attune.server.account.User;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sent a request: by the header {@code X-Argilla-Api-Key}, else by {@code
 * Authorization: Bearer}, else by the cookie of a browser that signed in.
 */
public final class Authentication {

  public static final String API_KEY_HEADER = "X-Argilla-Api-Key";
  public static final String SESSION_COOKIE = "attune_session";
  private static final String BEARER = "Bearer ";

  private final Database database;

  public Authentication(Database database) {
    this.database = database;
  }

  public Optional<SignedIn> of(HttpServletRequest request) {
    String key = request.getHeader(API_KEY_HEADER);
    if (key != null) {
      return known(Kind.API_KEY, key);
    }
    String authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.startsWith(BEARER)) {
      return known(Kind.BEARER, authorization.substring(BEARER.length()));
    }
    String session = session(request);
    return session == null ? Optional.empty() : known(Kind.SESSION, session);
  }

  /** Whether the request names a key or token, right or wrong. */
  static boolean presentsKey(HttpServletRequest request) {
    return request.getHeader(API_KEY_HEADER) != null || request.getHeader("Authorization") != null;
  }

  /** The secret in the session cookie, or null. */
  public static @Nullable String session(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(SESSION_COOKIE)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }

  private Optional<SignedIn> known(Kind kind, String secret) {
    return database.read(
        transaction ->
            Credentials.owner(transaction, kind, secret)
                .map(user -> signedIn(transaction, user, kind == Kind.API_KEY ? secret : null)));
  }

  private static SignedIn signedIn(Transaction transaction, User user, @Nullable String apiKey) {
    return new SignedIn(
        user,
        Workspaces.ofUser(transaction, user.id()).stream()
            .map(Workspace::id)
            .collect(Collectors.toSet()),
        apiKey);
  }
}
