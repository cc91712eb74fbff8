package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.attune.server.access.Authentication;
import org.attune.server.account.Credentials;
import org.attune.server.account.Secrets;
import org.attune.server.account.User;
import org.attune.server.storage.Database;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** By what the server knows a browser after somebody signed in there. */
@Component
public final class Sessions {

  private static final Duration LIFETIME = Duration.ofDays(7);

  private final Database database;

  Sessions(Database database) {
    this.database = database;
  }

  /**
   * Gives a browser a fresh secret; what it had before, whoever gave it, proves nothing any more.
   */
  public void begin(User user, HttpServletRequest request, HttpServletResponse response) {
    String former = Authentication.session(request);
    String session = Secrets.next();
    database.change(
        transaction -> {
          if (former != null) {
            Credentials.revoke(transaction, former);
          }
          Credentials.add(
              transaction,
              user.id(),
              Credentials.Kind.SESSION,
              session,
              transaction.clock() + TimeUnit.SECONDS.toMicros(LIFETIME.toSeconds()));
        });
    set(request, response, session, LIFETIME);
  }

  void end(HttpServletRequest request, HttpServletResponse response) {
    String session = Authentication.session(request);
    if (session != null) {
      database.change(transaction -> Credentials.revoke(transaction, session));
    }
    set(request, response, "", Duration.ZERO);
  }

  private static void set(
      HttpServletRequest request, HttpServletResponse response, String session, Duration age) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        Cookies.header(request, Authentication.SESSION_COOKIE, session, age));
  }
}
