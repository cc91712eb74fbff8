package org.attune.feedback.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person who uses a server.
 *
 * @param role {@code owner}, {@code admin} or {@code annotator}
 */
public record Account(
    String id, String username, String role, String firstName, @Nullable String lastName) {

  static Account of(Object plain) {
    Map<?, ?> map = plain instanceof Map<?, ?> given ? given : Map.of();
    return new Account(
        String.valueOf(map.get("id")),
        String.valueOf(map.get("username")),
        String.valueOf(map.get("role")),
        String.valueOf(map.get("first_name")),
        map.get("last_name") instanceof String last ? last : null);
  }
}
