package org.attune.server.people;

import java.util.Map;
import java.util.Optional;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.account.Role;
import org.attune.server.account.Users;
import org.jspecify.annotations.Nullable;

/**
 * What somebody typed about a user.
 *
 * @param role the name of a role, of any spelling
 */
record PersonForm(
    String username, String firstName, String lastName, String role, String password) {

  static final int SHORTEST_PASSWORD = 8;
  static final int LONGEST_PASSWORD = 100;
  private static final int LONGEST_NAME = 200;

  static PersonForm of(Map<String, String> form) {
    return new PersonForm(
        form.getOrDefault("username", "").strip(),
        form.getOrDefault("firstName", "").strip(),
        form.getOrDefault("lastName", "").strip(),
        form.getOrDefault("role", Role.ANNOTATOR.text()),
        form.getOrDefault("password", ""));
  }

  /** The key of the message that says what is wrong with the names and the role, if anything is. */
  Optional<String> wrongName() {
    Problems problems = Problems.none();
    Names.checkUsername(username, problems);
    if (!problems.isEmpty()) {
      return Optional.of("people.wrong.username");
    }
    if (firstName.isEmpty() || firstName.length() > LONGEST_NAME) {
      return Optional.of("people.wrong.first-name");
    }
    if (lastName.length() > LONGEST_NAME) {
      return Optional.of("people.wrong.last-name");
    }
    return Role.of(role).isEmpty() ? Optional.of("people.wrong.role") : Optional.empty();
  }

  static Optional<String> wrongPassword(String password) {
    return password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD
        ? Optional.of("people.wrong.password")
        : Optional.empty();
  }

  Role knownRole() {
    return Role.of(role).orElse(Role.ANNOTATOR);
  }

  @Nullable String lastNameOrNull() {
    return lastName.isEmpty() ? null : lastName;
  }

  Users.Draft draft() {
    return new Users.Draft(username, firstName, lastNameOrNull(), knownRole(), password);
  }
}
