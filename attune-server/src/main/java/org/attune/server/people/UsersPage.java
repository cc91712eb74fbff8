package org.attune.server.people;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Role;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.page.Page;
import org.attune.server.page.Part;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Everybody who has an account here, and the form that makes another. */
@Page
final class UsersPage {

  private final Database database;

  UsersPage(Database database) {
    this.database = database;
  }

  /** A line of the list. An owner is in every workspace, so none is named. */
  record Line(User user, List<String> workspaces) {}

  @GetMapping("/users")
  String list(
      SignedIn sender,
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(defaultValue = "") String q,
      Model model) {
    sender.requireOwner();
    return page(model, new PersonForm("", "", "", Role.ANNOTATOR.text(), ""), page, q);
  }

  @PostMapping("/users")
  String create(
      SignedIn sender,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    sender.requireOwner();
    PersonForm person = PersonForm.of(form);
    String workspaceId = form.getOrDefault("workspace", "");
    Optional<String> wrong =
        person.wrongName().or(() -> PersonForm.wrongPassword(person.password()));
    if (wrong.isEmpty() && database.read(transaction -> isTaken(transaction, person))) {
      wrong = Optional.of("people.wrong.taken");
    }
    if (wrong.isPresent()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("problem", wrong.get());
      return page(model, person, 1, "");
    }
    Users.Created created =
        database.write(
            transaction -> {
              Users.Created made = Users.create(transaction, person.draft());
              if (!workspaceId.isEmpty()) {
                Workspaces.addMember(
                    transaction, Workspaces.get(transaction, workspaceId), made.user());
              }
              return made;
            });
    return UserPage.withKey(database, model, created.user().id(), created.apiKey());
  }

  private static boolean isTaken(Transaction transaction, PersonForm person) {
    return Users.byName(transaction, person.username()).isPresent();
  }

  /**
   * Shows a part of the list.
   *
   * @param sought what the names of the users that are listed have in them
   */
  private String page(Model model, PersonForm form, int page, String sought) {
    Part<User> part =
        Part.of(
            database.read(Users::all).stream().filter(user -> isSought(user, sought)).toList(),
            page);
    List<Line> lines =
        database.read(
            transaction ->
                part.items().stream()
                    .map(
                        user ->
                            new Line(
                                user,
                                Workspaces.ofUser(transaction, user.id()).stream()
                                    .map(Workspace::name)
                                    .toList()))
                    .toList());
    model.addAttribute("lines", lines);
    model.addAttribute("part", part);
    model.addAttribute("q", sought);
    model.addAttribute("workspaces", database.read(Workspaces::all));
    model.addAttribute("form", form);
    model.addAttribute("roles", Role.values());
    return "people/users";
  }

  private static boolean isSought(User user, String sought) {
    return (user.fullName() + " " + user.username())
        .toLowerCase(Locale.ROOT)
        .contains(sought.strip().toLowerCase(Locale.ROOT));
  }
}
