package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.Map;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Workspaces and who belongs to them. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class WorkspaceRoutes {

  private static final int LONGEST_NAME = 200;

  private final Database database;

  WorkspaceRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/me/workspaces")
  Map<String, Object> mine(SignedIn sender) {
    return items(
        database.read(
            transaction ->
                sender.isOwner()
                    ? Workspaces.all(transaction)
                    : Workspaces.ofUser(transaction, sender.user().id())),
        AccountJson::workspace);
  }

  @PostMapping("/workspaces")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> create(
      SignedIn sender, @RequestBody Map<String, @Nullable Object> body) {
    sender.requireOwner();
    String name = name(Body.of(body));
    return AccountJson.workspace(
        database.write(transaction -> Workspaces.create(transaction, name)));
  }

  static String name(Body body) {
    String name = body.text("name", LONGEST_NAME);
    Problems problems = Problems.none();
    if (!name.isEmpty()) {
      Names.checkWorkspace(name, problems);
    }
    if (!problems.isEmpty()) {
      body.fault(
          "name",
          "String should have only lower-case letters, digits, - and _, and start with a letter or"
              + " digit",
          "string_pattern_mismatch");
    }
    body.check();
    return name;
  }

  @GetMapping("/workspaces/{id}")
  Map<String, @Nullable Object> get(SignedIn sender, @PathVariable String id) {
    Workspace workspace = database.read(transaction -> Workspaces.get(transaction, id));
    sender.requireSees(workspace.id());
    return AccountJson.workspace(workspace);
  }

  @DeleteMapping("/workspaces/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return AccountJson.workspace(
        database.write(
            transaction -> {
              Workspace workspace = Workspaces.get(transaction, id);
              Workspaces.delete(transaction, workspace);
              return workspace;
            }));
  }

  @GetMapping("/workspaces/{id}/users")
  Map<String, Object> users(SignedIn sender, @PathVariable String id) {
    return items(
        database.read(
            transaction -> {
              Workspace workspace = Workspaces.get(transaction, id);
              sender.requireManages(workspace.id());
              return Users.ofWorkspace(transaction, workspace.id());
            }),
        AccountJson::user);
  }

  @PostMapping("/workspaces/{id}/users")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> add(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    sender.requireOwner();
    Body body = Body.of(json);
    String userId = body.text("user_id", LONGEST_NAME);
    body.check();
    return AccountJson.user(
        database.write(
            transaction -> {
              Workspace workspace = Workspaces.get(transaction, id);
              User user =
                  Users.find(transaction, userId)
                      .orElseThrow(
                          () ->
                              RequestException.unprocessable(
                                  "User with id `" + userId + "` not found"));
              Workspaces.addMember(transaction, workspace, user);
              return user;
            }));
  }

  @DeleteMapping("/workspaces/{id}/users/{userId}")
  Map<String, @Nullable Object> remove(
      SignedIn sender, @PathVariable String id, @PathVariable String userId) {
    return AccountJson.user(
        database.write(
            transaction -> {
              Workspace workspace = Workspaces.get(transaction, id);
              sender.requireManages(workspace.id());
              User user = Users.get(transaction, userId);
              Workspaces.removeMember(transaction, workspace, user);
              return user;
            }));
  }
}
