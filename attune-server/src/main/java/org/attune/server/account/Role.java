package org.attune.server.account;

import java.util.Locale;
import java.util.Optional;

/** What a user may do: owners everything, admins their workspaces, annotators their own answers. */
public enum Role {
  OWNER,
  ADMIN,
  ANNOTATOR;

  /** As the database and clients spell it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
