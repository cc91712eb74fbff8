package org.attune.feedback.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Finds the account of who responded: by its id, by its username, or by a name that the caller
 * mapped to either. A response of nobody known becomes one of the caller.
 */
final class UserIds {

  private final Connection connection;
  private final Workspace workspace;
  private final Map<String, String> aliases;
  private final Map<String, String> idsByName = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private String me = "";

  UserIds(Connection connection, Workspace workspace, Map<String, String> aliases) {
    this.connection = connection;
    this.workspace = workspace;
    this.aliases = Map.copyOf(aliases);
  }

  /** The record with the ids of accounts in its responses; those without one are reported. */
  FeedbackRecord resolve(FeedbackRecord record, Problems problems) {
    if (record.responses().isEmpty()) {
      return record;
    }
    load();
    FeedbackRecord.Builder builder = record.withoutResponses();
    for (Response response : record.responses()) {
      builder.response(
          new Response(account(response.userId(), problems), response.status(), response.values()));
    }
    return builder.build();
  }

  private String account(@Nullable String user, Problems problems) {
    if (user == null) {
      return me;
    }
    String name = aliases.getOrDefault(user, user);
    if (ids.contains(name)) {
      return name;
    }
    String id = idsByName.get(name);
    if (id == null) {
      problems.add(
          "user",
          "must be the id or name of one of " + new TreeSet<>(idsByName.keySet()),
          name,
          "Create the account, or map the name to one that exists.");
      return name;
    }
    return id;
  }

  private void load() {
    if (!ids.isEmpty()) {
      return;
    }
    Account own = Account.of(connection.get("tell who you are", "v1/me"));
    me = own.id();
    add(own);
    // only an owner may list everybody
    String path =
        own.role().equals("owner") ? "v1/users" : "v1/workspaces/" + workspace.id() + "/users";
    Connection.items(connection.get("list the users", path)).stream()
        .map(Account::of)
        .forEach(this::add);
  }

  private void add(Account account) {
    ids.add(account.id());
    idsByName.put(account.username(), account.id());
  }
}
