package org.attune.server.account;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Hashes of passwords: bcrypt over their SHA-256, since bcrypt itself reads only the first 72
 * bytes.
 */
final class Passwords {

  private static final int COST = 11;
  private static final BCryptPasswordEncoder BCRYPT = new BCryptPasswordEncoder(COST);

  /** Compared against where there is no such user, so that the time of an answer tells nothing. */
  private static final String NOBODY = hash("nobody's password");

  private Passwords() {}

  static String hash(String password) {
    return BCRYPT.encode(digest(password));
  }

  static boolean matches(String password, String hash) {
    return BCRYPT.matches(digest(password), hash);
  }

  static void matchNobody(String password) {
    BCRYPT.matches(digest(password), NOBODY);
  }

  private static String digest(String password) {
    return Base64.getEncoder()
        .encodeToString(Secrets.sha256(password.getBytes(StandardCharsets.UTF_8)));
  }
}
