package org.attune.server.people;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.attune.server.account.Credentials;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/** For how long an API key is made, and what pages tell of the present one. */
final class KeyLifetime {

  private static final List<Integer> OFFERED = List.of(30, 90, 365);
  private static final int MOST_DAYS = 3650;

  private KeyLifetime() {}

  /** When a key that is made now expires: after some days, or never if none are given. */
  static @Nullable Long expiry(String days, long now) {
    if (days.isEmpty()) {
      return null;
    }
    int number = days.matches("\\d{1,4}") ? Integer.parseInt(days) : 0;
    if (number < 1 || number > MOST_DAYS) {
      throw RequestException.unprocessable(
          "A key expires after 1 to " + MOST_DAYS + " days or never, but days was " + days + ".");
    }
    return now + TimeUnit.DAYS.toMicros(number);
  }

  static void describe(Database database, String userId, Model model) {
    model.addAttribute(
        "credential",
        database.read(transaction -> Credentials.apiKey(transaction, userId)).orElse(null));
    model.addAttribute("lifetimes", OFFERED);
  }
}
