package org.attune.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.data.InvalidInputException;
import org.attune.server.account.Role;
import org.jspecify.annotations.Nullable;

/** Reads {@link OidcOptions} from the variables {@code ATTUNE_OIDC_…}. */
final class OidcEnvironment {

  private static final String PREFIX = "ATTUNE_OIDC_";
  private static final String ISSUER = "ISSUER";
  private static final String SECRET = "CLIENT_SECRET";
  private static final String PUBLIC_ADDRESS = "ATTUNE_PUBLIC_ADDRESS";

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  OidcEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The options, or null if no issuer is set. */
  @Nullable OidcOptions read() {
    if (value(ISSUER).isEmpty()) {
      return null;
    }
    String clientId = value("CLIENT_ID").orElse("");
    if (clientId.isEmpty()) {
      problems.add(
          PREFIX + "CLIENT_ID must be set. Register the server at the provider, which gives it.");
    }
    List<String> scopes = list("SCOPES", " ", "openid profile email");
    if (!scopes.contains("openid")) {
      problems.add(
          PREFIX
              + "SCOPES must contain openid but was "
              + scopes
              + ". Add it; without it nobody"
              + " is named.");
    }
    OidcOptions options =
        new OidcOptions(
            address(PREFIX + ISSUER, value(ISSUER).orElse("")),
            clientId,
            secret(),
            scopes,
            value("USERNAME_CLAIM").orElse("preferred_username"),
            value("GROUPS_CLAIM").orElse("groups"),
            roles(),
            list("ALLOWED_DOMAINS", ",", "").stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()),
            Set.copyOf(list("ALLOWED_GROUPS", ",", "")),
            list("WORKSPACES", ",", ""),
            value("LABEL").orElse("OpenID"),
            Optional.ofNullable(environment.get(PUBLIC_ADDRESS))
                .map(text -> address(PUBLIC_ADDRESS, text))
                .orElse(null));
    if (!problems.isEmpty()) {
      throw new InvalidInputException(String.join("\n", problems));
    }
    return options;
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(PREFIX + name)).filter(text -> !text.isBlank());
  }

  private List<String> list(String name, String separator, String otherwise) {
    return Arrays.stream(value(name).orElse(otherwise).split(separator))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .distinct()
        .toList();
  }

  private @Nullable String secret() {
    Optional<String> file = value(SECRET + "_FILE");
    Optional<String> secret = value(SECRET);
    if (file.isEmpty()) {
      return secret.orElse(null);
    }
    if (secret.isPresent()) {
      problems.add(
          PREFIX + SECRET + " and " + PREFIX + SECRET + "_FILE are both set. Unset one of them.");
    }
    try {
      return Files.readString(Path.of(file.get())).strip();
    } catch (IOException e) {
      problems.add(
          "%s%s_FILE names %s, which cannot be read (%s). Correct the path or the permissions."
              .formatted(PREFIX, SECRET, file.get(), e.getClass().getSimpleName()));
      return null;
    }
  }

  private Map<String, Role> roles() {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (String pair : list("ROLES", ",", "")) {
      int end = pair.lastIndexOf('=');
      Optional<Role> role = end < 1 ? Optional.empty() : Role.of(pair.substring(end + 1).strip());
      if (role.isPresent()) {
        roles.put(pair.substring(0, end).strip(), role.get());
      } else {
        problems.add(
            "%sROLES must be pairs such as leads=admin, of a group and owner, admin or annotator,"
                    .formatted(PREFIX)
                + " but has \""
                + pair
                + "\". Correct it.");
      }
    }
    return roles;
  }

  /** An address whose traffic nobody can read: by TLS, or within this machine. */
  private URI address(String variable, String text) {
    try {
      URI address = URI.create(text);
      boolean local = Set.of("localhost", "127.0.0.1", "[::1]").contains("" + address.getHost());
      boolean safe =
          "https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && local);
      if (safe && address.getHost() != null && address.getQuery() == null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    problems.add(
        "%s must be an address that begins with https:// (http:// only on this machine) but was \"%s\". Correct it."
            .formatted(variable, text));
    return URI.create("https://invalid");
  }
}
