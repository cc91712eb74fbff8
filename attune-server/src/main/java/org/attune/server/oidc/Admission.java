package org.attune.server.oidc;

import java.text.Normalizer;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.attune.server.OidcOptions;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.oidc.OidcException.Reason;
import org.attune.server.storage.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which user a person of the provider is. Only the issuer and its subject tell: names and e-mail
 * addresses can be taken by somebody else.
 */
final class Admission {

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final int LONGEST_NAME = 100;

  private final OidcOptions options;

  Admission(OidcOptions options) {
    this.options = options;
  }

  /**
   * The user; a person who comes for the first time is made one.
   *
   * @throws OidcException if the rules leave the person out
   */
  User admit(Transaction transaction, Person person) {
    requireAdmitted(person);
    Optional<String> userId =
        transaction.find(
            "SELECT user_id FROM identities WHERE issuer = ? AND subject = ?",
            (row, index) -> row.getString(1),
            person.issuer(),
            person.subject());
    if (userId.isEmpty()) {
      return create(transaction, person);
    }
    User user =
        Users.find(transaction, userId.get())
            .orElseThrow(
                () ->
                    new OidcException(
                        Reason.NOT_ADMITTED, "the account of this person was deleted"));
    Role role = options.roles().isEmpty() ? user.role() : role(person);
    return role == user.role()
        ? user
        : Users.update(
            transaction, user, user.username(), user.firstName(), user.lastName(), role, null);
  }

  private void requireAdmitted(Person person) {
    if (!options.domains().isEmpty()) {
      String email = person.verifiedEmail();
      String domain =
          email == null ? "" : email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
      if (!options.domains().contains(domain)) {
        throw new OidcException(
            Reason.NOT_ADMITTED, "no verified e-mail address in " + options.domains());
      }
    }
    if (!options.groups().isEmpty() && Collections.disjoint(options.groups(), person.groups())) {
      throw new OidcException(Reason.NOT_ADMITTED, "in none of the groups " + options.groups());
    }
  }

  /** The most powerful of the roles of a person's groups. */
  private Role role(Person person) {
    return person.groups().stream()
        .map(group -> options.roles().getOrDefault(group, Role.ANNOTATOR))
        .min(Comparator.naturalOrder())
        .orElse(Role.ANNOTATOR);
  }

  private User create(Transaction transaction, Person person) {
    User user =
        Users.create(
                transaction,
                new Users.Draft(
                    freeName(transaction, person.username()),
                    shortened(person.firstName()),
                    person.lastName() == null ? null : shortened(person.lastName()),
                    role(person),
                    null))
            .user();
    transaction.update(
        "INSERT INTO identities (issuer, subject, user_id, inserted_at) VALUES (?, ?, ?, ?)",
        person.issuer(),
        person.subject(),
        user.id(),
        transaction.now());
    for (String name : options.workspaces()) {
      Workspaces.byName(transaction, name)
          .ifPresentOrElse(
              workspace -> Workspaces.addMember(transaction, workspace, user),
              () -> LOG.warn("ATTUNE_OIDC_WORKSPACES names {}, which does not exist.", name));
    }
    return user;
  }

  /** A name that the rules for names allow, and that nobody has. */
  private static String freeName(Transaction transaction, String wanted) {
    String plain =
        Normalizer.normalize(wanted.replaceFirst("@.*", ""), Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .replaceAll("[^a-zA-Z0-9_-]+", "-")
            .replaceFirst("^[-_]+", "");
    String name = plain.isEmpty() ? "person" : shortened(plain);
    String free = name;
    for (int number = 2; Users.byName(transaction, free).isPresent(); number++) {
      free = name + "-" + number;
    }
    return free;
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_NAME
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME));
  }
}
