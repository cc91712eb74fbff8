package org.attune.server.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attune.server.account.Credential;
import org.attune.server.account.Credentials;
import org.attune.server.account.Credentials.Kind;
import org.attune.server.account.User;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.storage.Database;
import org.attune.server.storage.StorageException;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who sent a request: by the header {@code X-Argilla-Api-Key}, else by {@code
 * Authorization: Bearer}, else by the cookie of a browser that signed in.
 */
public final class Authentication {

  public static final String API_KEY_HEADER = "X-Argilla-Api-Key";
  public static final String SESSION_COOKIE = "attune_session";

  /** The attribute of a request that says when its key or token expired. */
  static final String EXPIRED = Authentication.class.getName() + ".expired";

  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final String BEARER = "Bearer ";

  private final Database database;

  public Authentication(Database database) {
    this.database = database;
  }

  public Optional<SignedIn> of(HttpServletRequest request) {
    String key = request.getHeader(API_KEY_HEADER);
    if (key != null) {
      return known(request, Kind.API_KEY, key);
    }
    String authorization = request.getHeader("Authorization");
    if (authorization != null && authorization.startsWith(BEARER)) {
      return known(request, Kind.BEARER, authorization.substring(BEARER.length()));
    }
    String session = session(request);
    return session == null ? Optional.empty() : known(request, Kind.SESSION, session);
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

  private record Known(SignedIn sender, Credentials.Found found, long now) {}

  private Optional<SignedIn> known(HttpServletRequest request, Kind kind, String secret) {
    Optional<Known> known =
        database.read(
            transaction ->
                Credentials.find(transaction, kind, secret)
                    .map(
                        found ->
                            new Known(
                                signedIn(
                                    transaction,
                                    found.user(),
                                    kind == Kind.API_KEY ? secret : null),
                                found,
                                transaction.clock())));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Credential credential = known.get().found().credential();
    long now = known.get().now();
    if (credential.isExpired(now)) {
      request.setAttribute(EXPIRED, credential.expires());
      return Optional.empty();
    }
    if (kind == Kind.SESSION && credential.isIdle(now)) {
      return Optional.empty();
    }
    if (credential.isUnnoted(now)) {
      noteUse(known.get().found().id());
    }
    return Optional.of(known.get().sender());
  }

  /** Notes it if that can be done; whoever only reads is served from a disk that is full, too. */
  private void noteUse(String credentialId) {
    try {
      database.change(transaction -> Credentials.used(transaction, credentialId));
    } catch (StorageException e) {
      LOG.warn("The last use of a credential could not be noted.", e);
    }
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
