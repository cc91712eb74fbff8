package org.attune.server.people;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Workspaces with who belongs to them. Admins look at their own; the owner changes them. */
@Page
@RequestMapping("/workspaces")
final class WorkspacesPage {

  private final Database database;

  WorkspacesPage(Database database) {
    this.database = database;
  }

  /** A workspace, its members, who could become one, and how many datasets keep it from going. */
  record Room(Workspace workspace, List<User> members, List<User> others, long datasets) {}

  @GetMapping
  String list(SignedIn sender, Model model) {
    if (sender.isAnnotator()) {
      throw RequestException.forbidden();
    }
    List<Room> rooms =
        database.read(
            transaction -> {
              List<User> users = Users.all(transaction);
              return (sender.isOwner()
                      ? Workspaces.all(transaction)
                      : Workspaces.ofUser(transaction, sender.user().id()))
                  .stream().map(workspace -> room(transaction, workspace, users)).toList();
            });
    model.addAttribute("rooms", rooms);
    model.addAttribute("changes", sender.isOwner());
    return "people/workspaces";
  }

  private static Room room(Transaction transaction, Workspace workspace, List<User> users) {
    List<User> members = Users.ofWorkspace(transaction, workspace.id());
    return new Room(
        workspace,
        members,
        users.stream().filter(user -> !members.contains(user)).toList(),
        transaction.number("SELECT COUNT(*) FROM datasets WHERE workspace_id = ?", workspace.id()));
  }

  @PostMapping
  String create(
      SignedIn sender,
      @RequestParam(defaultValue = "") String name,
      HttpServletResponse response,
      Model model) {
    sender.requireOwner();
    Optional<String> wrong =
        database.write(
            transaction -> {
              Problems problems = Problems.none();
              Names.checkWorkspace(name, problems);
              if (!problems.isEmpty()) {
                return Optional.of("people.wrong.workspace");
              }
              if (Workspaces.byName(transaction, name).isPresent()) {
                return Optional.of("people.wrong.workspace-taken");
              }
              Workspaces.create(transaction, name);
              return Optional.empty();
            });
    if (wrong.isPresent()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("problem", wrong.get());
      model.addAttribute("name", name);
      return list(sender, model);
    }
    return "redirect:/workspaces";
  }

  @PostMapping("/{id}/members")
  String add(SignedIn sender, @PathVariable String id, @RequestParam("user") String userId) {
    sender.requireOwner();
    database.change(
        transaction ->
            Workspaces.addMember(
                transaction, Workspaces.get(transaction, id), Users.get(transaction, userId)));
    return "redirect:/workspaces#" + id;
  }

  @PostMapping("/{id}/members/{userId}/remove")
  String remove(SignedIn sender, @PathVariable String id, @PathVariable String userId) {
    sender.requireOwner();
    database.change(
        transaction ->
            Workspaces.removeMember(
                transaction, Workspaces.get(transaction, id), Users.get(transaction, userId)));
    return "redirect:/workspaces#" + id;
  }

  @PostMapping("/{id}/delete")
  String delete(SignedIn sender, @PathVariable String id) {
    sender.requireOwner();
    database.change(transaction -> Workspaces.delete(transaction, Workspaces.get(transaction, id)));
    return "redirect:/workspaces";
  }
}
