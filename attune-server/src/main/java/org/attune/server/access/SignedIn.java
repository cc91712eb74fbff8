package org.attune.server.access;

import java.util.Set;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param workspaceIds the workspaces the user belongs to
 * @param apiKey the key that came with the request, or null for a browser or a bearer token
 */
public record SignedIn(User user, Set<String> workspaceIds, @Nullable String apiKey) {

  public SignedIn {
    workspaceIds = Set.copyOf(workspaceIds);
  }

  public boolean isOwner() {
    return user.role() == Role.OWNER;
  }

  /** Whether the user sees the workspace and what is in it. */
  public boolean sees(String workspaceId) {
    return isOwner() || workspaceIds.contains(workspaceId);
  }

  /** Whether the user manages the datasets of the workspace. */
  public boolean manages(String workspaceId) {
    return isOwner() || (user.role() == Role.ADMIN && workspaceIds.contains(workspaceId));
  }

  /**
   * Whether the user is an annotator, who sees only own answers and what is shown to annotators.
   */
  public boolean isAnnotator() {
    return user.role() == Role.ANNOTATOR;
  }

  public void requireOwner() {
    require(isOwner());
  }

  public void requireSees(String workspaceId) {
    require(sees(workspaceId));
  }

  public void requireManages(String workspaceId) {
    require(manages(workspaceId));
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw RequestException.forbidden();
    }
  }
}
