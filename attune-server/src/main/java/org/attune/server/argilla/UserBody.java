package org.attune.server.argilla;

import java.util.Optional;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.account.Role;
import org.attune.server.account.Users;
import org.attune.server.json.Body;

/** What requests may say about users. */
final class UserBody {

  private static final int LONGEST_NAME = 200;
  private static final int SHORTEST_PASSWORD = 8;
  private static final int LONGEST_PASSWORD = 100;

  private UserBody() {}

  static Users.Draft draft(Body body) {
    String username = username(body);
    String first = body.text("first_name", LONGEST_NAME).strip();
    if (first.isEmpty() && body.raw("first_name") instanceof String given && !given.isEmpty()) {
      body.fault("first_name", "String should have at least 1 character", "string_too_short");
    }
    String last = body.optionalText("last_name", LONGEST_NAME);
    Role role = body.raw("role") == null ? Role.ANNOTATOR : role(body);
    String password = password(body);
    body.check();
    return new Users.Draft(username, first, last == null ? null : last.strip(), role, password);
  }

  static String username(Body body) {
    String username = body.text("username", LONGEST_NAME);
    Problems problems = Problems.none();
    if (!username.isEmpty()) {
      Names.checkUsername(username, problems);
    }
    if (!problems.isEmpty()) {
      body.fault(
          "username",
          "String should have only letters, digits, - and _, and start with a letter or digit",
          "string_pattern_mismatch");
    }
    return username;
  }

  static Role role(Body body) {
    Optional<Role> role =
        body.raw("role") instanceof String text ? Role.of(text) : Optional.empty();
    if (role.isEmpty()) {
      body.fault("role", "Input should be 'owner', 'admin' or 'annotator'", "enum");
    }
    return role.orElse(Role.ANNOTATOR);
  }

  static String password(Body body) {
    String password = body.text("password", LONGEST_PASSWORD);
    if (!password.isEmpty() && password.length() < SHORTEST_PASSWORD) {
      body.fault("password", "String should have at least 8 characters", "string_too_short");
    }
    return password;
  }
}
