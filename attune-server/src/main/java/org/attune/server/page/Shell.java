package org.attune.server.page;

import java.util.List;
import java.util.Locale;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.jspecify.annotations.Nullable;

/**
 * What every page is framed by.
 *
 * @param language the code of the language that the page speaks
 * @param theme {@code light}, {@code dark}, or {@code system} as the browser says
 * @param importMap the text of the map of modules
 * @param user who is signed in, or null
 * @param address the address of the page, to come back to
 */
public record Shell(
    String language, String theme, String importMap, @Nullable User user, String address) {

  /** The theme to force upon the page, or null to follow the browser. */
  public @Nullable String forcedTheme() {
    return Theme.of(theme) == Theme.SYSTEM ? null : theme;
  }

  public List<Language> languages() {
    return Language.all();
  }

  public List<String> themes() {
    return Theme.all();
  }

  /** One or two letters that stand for who is signed in. */
  public String initials() {
    if (user == null) {
      return "";
    }
    StringBuilder initials = new StringBuilder();
    for (String name : user.fullName().strip().split("\\s+", 2)) {
      if (!name.isEmpty()) {
        initials.appendCodePoint(name.codePointAt(0));
      }
    }
    return initials.toString().toUpperCase(Locale.ROOT);
  }

  /** Whether who is signed in manages datasets. */
  public boolean manages() {
    return user != null && user.role() != Role.ANNOTATOR;
  }
}
