package org.attune.server.people;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.attune.server.access.PasswordCheck;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Credentials;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A user's own account: a new API key, a new password. */
@Page
@RequestMapping("/account")
final class AccountPage {

  private final Database database;
  private final PasswordCheck passwords;

  AccountPage(Database database, PasswordCheck passwords) {
    this.database = database;
    this.passwords = passwords;
  }

  @GetMapping
  String show(SignedIn sender, Model model) {
    KeyLifetime.describe(database, sender.user().id(), model);
    model.addAttribute(
        "workspaces",
        database.read(transaction -> Workspaces.ofUser(transaction, sender.user().id())));
    return "people/account";
  }

  @PostMapping("/key")
  String rotateKey(SignedIn sender, @RequestParam(defaultValue = "") String days, Model model) {
    model.addAttribute(
        "key",
        database.write(
            transaction ->
                Credentials.rotateApiKey(
                    transaction, sender.user().id(), KeyLifetime.expiry(days, transaction.now()))));
    return show(sender, model);
  }

  /** Sets a new password, which ends every session, also the one that asks for it. */
  @PostMapping("/password")
  String setPassword(
      SignedIn sender,
      @RequestParam(defaultValue = "") String present,
      @RequestParam(defaultValue = "") String password,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    User user = sender.user();
    Optional<String> wrong = PersonForm.wrongPassword(password);
    if (wrong.isEmpty() && !isPresent(user, present, request)) {
      wrong = Optional.of("people.wrong.present");
    }
    if (wrong.isPresent()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("problem", wrong.get());
      return show(sender, model);
    }
    database.change(transaction -> Users.setPassword(transaction, user, password));
    return "redirect:/sign-in";
  }

  private boolean isPresent(User user, String password, HttpServletRequest request) {
    try {
      return passwords.user(user.username(), password, request).id().equals(user.id());
    } catch (RequestException e) {
      if (e.reason() == RequestException.Reason.UNAUTHENTICATED) {
        return false;
      }
      throw e;
    }
  }
}
