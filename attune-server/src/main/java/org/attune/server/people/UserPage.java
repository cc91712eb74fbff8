package org.attune.server.people;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Credentials;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.page.Page;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One user, as the owner sees and changes them. */
@Page
@RequestMapping("/users/{id}")
final class UserPage {

  private final Database database;

  UserPage(Database database) {
    this.database = database;
  }

  @GetMapping
  String show(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String done,
      @RequestParam(required = false) @Nullable String wrong,
      Model model) {
    sender.requireOwner();
    model.addAttribute("done", done == null ? null : "people.done");
    model.addAttribute("problem", wrong == null ? null : "people.wrong." + wrong);
    return page(database, model, id);
  }

  @PostMapping
  String change(SignedIn sender, @PathVariable String id, @RequestParam Map<String, String> form) {
    sender.requireOwner();
    PersonForm person = PersonForm.of(form);
    Optional<String> wrong = person.wrongName();
    if (wrong.isEmpty()) {
      wrong =
          database.write(
              transaction -> {
                User user = Users.get(transaction, id);
                if (person.knownRole() != Role.OWNER && Users.isOnlyOwner(transaction, user)) {
                  return Optional.of("people.wrong.only-owner");
                }
                boolean renamed = !user.username().equals(person.username());
                if (renamed && Users.byName(transaction, person.username()).isPresent()) {
                  return Optional.of("people.wrong.taken");
                }
                Users.update(
                    transaction,
                    user,
                    person.username(),
                    person.firstName(),
                    person.lastNameOrNull(),
                    person.knownRole(),
                    null);
                return Optional.empty();
              });
    }
    return "redirect:/users/" + id + wrong.map(UserPage::query).orElse("?done");
  }

  private static String query(String wrong) {
    return "?wrong=" + wrong.substring("people.wrong.".length());
  }

  @PostMapping("/password")
  String setPassword(
      SignedIn sender, @PathVariable String id, @RequestParam(defaultValue = "") String password) {
    sender.requireOwner();
    Optional<String> wrong = PersonForm.wrongPassword(password);
    if (wrong.isEmpty()) {
      database.change(
          transaction -> {
            Users.setPassword(transaction, Users.get(transaction, id), password);
          });
    }
    return "redirect:/users/" + id + wrong.map(UserPage::query).orElse("?done");
  }

  @PostMapping("/key")
  String rotateKey(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String days,
      Model model) {
    sender.requireOwner();
    String key =
        database.write(
            transaction ->
                Credentials.rotateApiKey(
                    transaction,
                    Users.get(transaction, id).id(),
                    KeyLifetime.expiry(days, transaction.now())));
    return withKey(database, model, id, key);
  }

  @PostMapping("/delete")
  String delete(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    database.change(
        transaction -> Users.delete(transaction, Users.get(transaction, id), sender.user().id()));
    return "redirect:/users";
  }

  /** The page of a user with a key that was just made and that nobody sees again. */
  static String withKey(Database database, Model model, String id, String key) {
    model.addAttribute("key", key);
    return page(database, model, id);
  }

  private static String page(Database database, Model model, String id) {
    User user = database.read(transaction -> Users.get(transaction, id));
    model.addAttribute("person", user);
    KeyLifetime.describe(database, id, model);
    model.addAttribute(
        "workspaces",
        user.role() == Role.OWNER
            ? List.of()
            : database.read(transaction -> Workspaces.ofUser(transaction, id)));
    model.addAttribute("roles", Role.values());
    return "people/user";
  }
}
