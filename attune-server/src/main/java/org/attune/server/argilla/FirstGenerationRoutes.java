package org.attune.server.argilla;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The routes without a version, which clients of the first generation use for users and workspaces.
 * They answer plain lists, leave out what is null, and create with 200.
 */
@ArgillaRoutes
@RequestMapping("/api")
final class FirstGenerationRoutes {

  private final Database database;

  FirstGenerationRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/me")
  Map<String, Object> me(SignedIn sender) {
    String key = sender.apiKey();
    return database.read(
        transaction ->
            user(transaction, sender.user(), key == null ? AccountJson.MASKED_KEY : key));
  }

  @GetMapping("/users")
  List<Map<String, Object>> users(SignedIn sender) {
    sender.requireOwner();
    return database.read(
        transaction ->
            Users.all(transaction).stream().map(user -> user(transaction, user)).toList());
  }

  @PostMapping("/users")
  Map<String, Object> createUser(SignedIn sender, @RequestBody Map<String, @Nullable Object> json) {
    sender.requireOwner();
    Body body = Body.of(json);
    Users.Draft draft = UserBody.draft(body);
    List<?> names = json.get("workspaces") instanceof List<?> list ? list : List.of();
    return database.write(
        transaction -> {
          Users.Created created = Users.create(transaction, draft);
          for (Object name : names) {
            Workspace workspace =
                Workspaces.byName(transaction, String.valueOf(name))
                    .orElseThrow(
                        () ->
                            RequestException.unprocessable(
                                "Workspace '" + name + "' does not exist"));
            Workspaces.addMember(transaction, workspace, created.user());
          }
          return user(transaction, created.user(), created.apiKey());
        });
  }

  @DeleteMapping("/users/{id}")
  Map<String, Object> deleteUser(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return database.write(
        transaction -> {
          User user = Users.get(transaction, id);
          Map<String, Object> json = user(transaction, user);
          Users.delete(transaction, user, sender.user().id());
          return json;
        });
  }

  @GetMapping("/workspaces")
  List<Map<String, Object>> workspaces(SignedIn sender) {
    sender.requireOwner();
    return database.read(
        transaction ->
            Workspaces.all(transaction).stream()
                .map(workspace -> withoutNulls(AccountJson.workspace(workspace)))
                .toList());
  }

  @PostMapping("/workspaces")
  Map<String, Object> createWorkspace(
      SignedIn sender, @RequestBody Map<String, @Nullable Object> body) {
    sender.requireOwner();
    String name = WorkspaceRoutes.name(Body.of(body));
    return withoutNulls(
        AccountJson.workspace(database.write(transaction -> Workspaces.create(transaction, name))));
  }

  @GetMapping("/workspaces/{id}/users")
  List<Map<String, Object>> members(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> {
          Workspace workspace = Workspaces.get(transaction, id);
          sender.requireManages(workspace.id());
          return Users.ofWorkspace(transaction, id).stream()
              .map(user -> user(transaction, user))
              .toList();
        });
  }

  @PostMapping("/workspaces/{id}/users/{userId}")
  Map<String, Object> addMember(
      SignedIn sender, @PathVariable String id, @PathVariable String userId) {
    sender.requireOwner();
    return database.write(
        transaction -> {
          User user = Users.get(transaction, userId);
          Workspaces.addMember(transaction, Workspaces.get(transaction, id), user);
          return user(transaction, user);
        });
  }

  @DeleteMapping("/workspaces/{id}/users/{userId}")
  Map<String, Object> removeMember(
      SignedIn sender, @PathVariable String id, @PathVariable String userId) {
    return database.write(
        transaction -> {
          Workspace workspace = Workspaces.get(transaction, id);
          sender.requireManages(workspace.id());
          User user = Users.get(transaction, userId);
          Workspaces.removeMember(transaction, workspace, user);
          return user(transaction, user);
        });
  }

  private static Map<String, Object> user(Transaction transaction, User user) {
    return user(transaction, user, AccountJson.MASKED_KEY);
  }

  private static Map<String, Object> user(Transaction transaction, User user, String apiKey) {
    Map<String, @Nullable Object> json = AccountJson.user(user, apiKey);
    json.put("full_name", user.fullName());
    json.put(
        "workspaces",
        Workspaces.ofUser(transaction, user.id()).stream().map(Workspace::name).toList());
    return withoutNulls(json);
  }

  private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> json) {
    Map<String, Object> kept = new LinkedHashMap<>();
    json.forEach(
        (key, value) -> {
          if (value != null) {
            kept.put(key, value);
          }
        });
    return kept;
  }
}
