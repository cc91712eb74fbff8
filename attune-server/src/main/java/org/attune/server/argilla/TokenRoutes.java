package org.attune.server.argilla;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.ServerOptions;
import org.attune.server.access.PasswordCheck;
import org.attune.server.account.Credentials;
import org.attune.server.account.Secrets;
import org.attune.server.account.User;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** A bearer token for a name and a password. */
@ArgillaRoutes
final class TokenRoutes {

  private static final long LIFETIME =
      TimeUnit.MILLISECONDS.toMicros(Duration.ofDays(1).toMillis());

  private final Database database;
  private final PasswordCheck passwords;
  private final boolean byPassword;

  TokenRoutes(Database database, PasswordCheck passwords, ServerOptions options) {
    this.database = database;
    this.passwords = passwords;
    this.byPassword = options.signIn().passwords();
  }

  @PostMapping("/api/v1/token")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, Object> create(
      @RequestParam String username, @RequestParam String password, HttpServletRequest request) {
    if (!byPassword) {
      throw RequestException.forbidden();
    }
    User user = passwords.user(username, password, request);
    String token = Secrets.next();
    database.change(
        transaction ->
            Credentials.add(
                transaction,
                user.id(),
                Credentials.Kind.BEARER,
                token,
                transaction.clock() + LIFETIME));
    return Map.of("access_token", token, "token_type", "bearer");
  }

  @PostMapping("/api/security/token")
  Map<String, Object> createForFirstClients(
      @RequestParam String username, @RequestParam String password, HttpServletRequest request) {
    return create(username, password, request);
  }
}
