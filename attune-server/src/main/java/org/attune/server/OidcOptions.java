package org.attune.server;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.server.account.Role;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider that people sign in with, and whom of them the server lets in.
 *
 * @param issuer the provider's name, which is also where its settings are found
 * @param clientId the server's name at the provider
 * @param clientSecret what the server proves itself with there, or null for a public client
 * @param scopes what is asked for
 * @param usernameClaim the claim that a new user is named by
 * @param groupsClaim the claim that lists groups
 * @param roles the role of members of a group; with any, the provider decides at each sign-in
 * @param domains verified e-mail addresses must be in one of these; none for no such rule
 * @param groups people must be in one of these; none for no such rule
 * @param workspaces where a new user is a member
 * @param label what the button says
 * @param publicAddress where browsers find the server, or null to go by what they asked for
 */
public record OidcOptions(
    URI issuer,
    String clientId,
    @Nullable String clientSecret,
    List<String> scopes,
    String usernameClaim,
    String groupsClaim,
    Map<String, Role> roles,
    Set<String> domains,
    Set<String> groups,
    List<String> workspaces,
    String label,
    @Nullable URI publicAddress) {

  public OidcOptions {
    scopes = List.copyOf(scopes);
    roles = Map.copyOf(roles);
    domains = Set.copyOf(domains);
    groups = Set.copyOf(groups);
    workspaces = List.copyOf(workspaces);
  }

  /** Without the secret, which is not to get into a log. */
  @Override
  public String toString() {
    return "OidcOptions[" + issuer + ", " + clientId + "]";
  }
}
