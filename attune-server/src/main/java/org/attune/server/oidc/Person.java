package org.attune.server.oidc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attune.server.OidcOptions;
import org.jspecify.annotations.Nullable;

/**
 * Whom the provider says that somebody is.
 *
 * @param subject the provider's name for the person, which never changes hands
 * @param username what the person likes to be called by; other persons may say the same
 * @param verifiedEmail an address that the provider saw the person receive mail at, or null
 */
record Person(
    String issuer,
    String subject,
    String username,
    String firstName,
    @Nullable String lastName,
    @Nullable String verifiedEmail,
    Set<String> groups) {

  Person {
    groups = Set.copyOf(groups);
  }

  static Person of(Map<String, Object> claims, OidcOptions options) {
    String subject = text(claims, "sub").orElse("");
    String username = text(claims, options.usernameClaim()).orElse(subject);
    Optional<String> given = text(claims, "given_name");
    return new Person(
        text(claims, "iss").orElse(""),
        subject,
        username,
        given.or(() -> text(claims, "name")).orElse(username),
        given.flatMap(name -> text(claims, "family_name")).orElse(null),
        Boolean.TRUE.equals(claims.get("email_verified"))
            ? text(claims, "email").orElse(null)
            : null,
        groups(claims.get(options.groupsClaim())));
  }

  private static Optional<String> text(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text.strip())
        : Optional.empty();
  }

  private static Set<String> groups(@Nullable Object claim) {
    if (claim instanceof List<?> list) {
      return Set.copyOf(list.stream().map(String::valueOf).distinct().toList());
    }
    return claim instanceof String one ? Set.of(one) : Set.of();
  }
}
