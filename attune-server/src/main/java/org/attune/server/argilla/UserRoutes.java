package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.json.Body;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Users. Only owners see and change them; everybody sees themselves. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class UserRoutes {

  private static final int LONGEST_NAME = 200;

  private final Database database;

  UserRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/me")
  Map<String, @Nullable Object> me(SignedIn sender) {
    String key = sender.apiKey();
    return AccountJson.user(sender.user(), key == null ? AccountJson.MASKED_KEY : key);
  }

  @GetMapping("/users")
  Map<String, Object> list(SignedIn sender) {
    sender.requireOwner();
    return items(database.read(Users::all), AccountJson::user);
  }

  @PostMapping("/users")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> create(
      SignedIn sender, @RequestBody Map<String, @Nullable Object> body) {
    sender.requireOwner();
    Users.Draft draft = UserBody.draft(Body.of(body));
    Users.Created created = database.write(transaction -> Users.create(transaction, draft));
    return AccountJson.user(created.user(), created.apiKey());
  }

  @GetMapping("/users/{id}")
  Map<String, @Nullable Object> get(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return AccountJson.user(database.read(transaction -> Users.get(transaction, id)));
  }

  @PatchMapping("/users/{id}")
  Map<String, @Nullable Object> update(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    sender.requireOwner();
    Body body = Body.of(json);
    return AccountJson.user(
        database.write(
            transaction -> {
              User user = Users.get(transaction, id);
              String username = body.has("username") ? UserBody.username(body) : user.username();
              String first =
                  body.has("first_name")
                      ? body.text("first_name", LONGEST_NAME).strip()
                      : user.firstName();
              String last =
                  body.has("last_name")
                      ? body.optionalText("last_name", LONGEST_NAME)
                      : user.lastName();
              Role role = body.has("role") ? UserBody.role(body) : user.role();
              String password = body.raw("password") == null ? null : UserBody.password(body);
              body.check();
              return Users.update(transaction, user, username, first, last, role, password);
            }));
  }

  @DeleteMapping("/users/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return AccountJson.user(
        database.write(
            transaction -> {
              User user = Users.get(transaction, id);
              Users.delete(transaction, user, sender.user().id());
              return user;
            }));
  }

  @GetMapping("/users/{id}/workspaces")
  Map<String, Object> workspaces(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    return items(
        database.read(
            transaction -> {
              User user = Users.get(transaction, id);
              return user.role() == Role.OWNER
                  ? Workspaces.all(transaction)
                  : Workspaces.ofUser(transaction, user.id());
            }),
        AccountJson::workspace);
  }
}
