package org.attune.server.access;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;

/**
 * Finds the user of a name and a password, wherever they are typed, and slows down whoever guesses.
 * Only so many passwords are looked at together as the machine has processors: hashing them costs
 * time on purpose, and guesses that are sent all at once are counted before the next is looked at.
 */
public final class PasswordCheck {

  private static final int LONGEST_INPUT = 1_000;

  private final Database database;
  private final SignInAttempts attempts;
  private final Semaphore together =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  public PasswordCheck(Database database, Clock clock) {
    this.database = database;
    this.attempts = new SignInAttempts(clock);
  }

  /**
   * The user that the password belongs to.
   *
   * @throws RequestException with {@link RequestException.Reason#UNAUTHENTICATED} if there is none,
   *     or {@link RequestException.Reason#TOO_MANY} if the attempt was not looked at
   */
  public User user(String username, String password, HttpServletRequest request) {
    String address = ClientAddress.of(request);
    requirePatience(username, address);
    together.acquireUninterruptibly();
    try {
      requirePatience(username, address);
      Optional<User> user = find(username, password);
      if (user.isEmpty()) {
        attempts.failed(username, address);
        database.change(transaction -> logFailure(transaction, username));
        throw RequestException.unauthenticated();
      }
      attempts.succeeded(username);
      return user.get();
    } finally {
      together.release();
    }
  }

  private void requirePatience(String username, String address) {
    Duration delay = attempts.delay(username, address);
    if (!delay.isZero()) {
      throw RequestException.tooMany("Too many failed attempts", delay);
    }
  }

  /** A name that nobody has is not kept: it may be a password that was typed in the wrong place. */
  private static void logFailure(Transaction transaction, String username) {
    Optional<User> user = Users.byName(transaction, username);
    AuditLog.addAs(
        transaction,
        user.map(User::id).orElse(null),
        user.map(User::username).orElse(null),
        AuditAction.SESSION_REFUSED,
        "user",
        user.map(User::id).orElse("unknown"));
  }

  private Optional<User> find(String username, String password) {
    return username.length() > LONGEST_INPUT || password.length() > LONGEST_INPUT
        ? Optional.empty()
        : database.read(transaction -> Users.byPassword(transaction, username, password));
  }
}
