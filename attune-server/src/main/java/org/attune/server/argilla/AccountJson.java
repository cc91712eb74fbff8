package org.attune.server.argilla;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.attune.server.account.User;
import org.attune.server.account.Workspace;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;

/** Users and workspaces as Argilla's routes show them. */
final class AccountJson {

  /** Where a key would stand that is known only to its owner. Clients want a text there. */
  static final String MASKED_KEY = "********";

  private AccountJson() {}

  static Map<String, @Nullable Object> user(User user, String apiKey) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", user.id());
    json.put("first_name", user.firstName());
    json.put("last_name", user.lastName());
    json.put("username", user.username());
    json.put("role", user.role().text());
    json.put("api_key", apiKey);
    json.put("inserted_at", Moments.text(user.insertedAt()));
    json.put("updated_at", Moments.text(user.updatedAt()));
    return json;
  }

  static Map<String, @Nullable Object> user(User user) {
    return user(user, MASKED_KEY);
  }

  static Map<String, @Nullable Object> workspace(Workspace workspace) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", workspace.id());
    json.put("name", workspace.name());
    json.put("inserted_at", Moments.text(workspace.insertedAt()));
    json.put("updated_at", Moments.text(workspace.updatedAt()));
    return json;
  }

  /** A list as the routes of version 1 answer it. */
  static <T> Map<String, Object> items(
      List<T> items, Function<T, Map<String, @Nullable Object>> json) {
    return Map.of("items", items.stream().map(json).toList());
  }
}
