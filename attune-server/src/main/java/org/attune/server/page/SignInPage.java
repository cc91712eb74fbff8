package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.attune.server.ServerOptions;
import org.attune.server.SignInOptions;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Signing in with a name and a password, and out. Each sign-in makes a session of its own. */
@Page
final class SignInPage {

  private static final String TEMPLATE = "sign-in";
  private static final int LONGEST_INPUT = 1_000;

  private final Database database;
  private final SignInAttempts attempts;
  private final Sessions sessions;
  private final SignInOptions options;

  SignInPage(Database database, SignInAttempts attempts, Sessions sessions, ServerOptions options) {
    this.database = database;
    this.attempts = attempts;
    this.sessions = sessions;
    this.options = options.signIn();
  }

  /** What the form offers. */
  @ModelAttribute("ways")
  SignInOptions ways() {
    return options;
  }

  @GetMapping("/sign-in")
  String form(@RequestParam @Nullable String redirect, Model model) {
    model.addAttribute("redirect", ReturnAddress.of(redirect));
    return TEMPLATE;
  }

  @PostMapping("/sign-in")
  String signIn(
      @RequestParam(defaultValue = "") String username,
      @RequestParam(defaultValue = "") String password,
      @RequestParam @Nullable String redirect,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    if (!options.passwords()) {
      throw RequestException.forbidden();
    }
    Duration delay = attempts.delay(username, request.getRemoteAddr());
    if (!delay.isZero()) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(delay.toSeconds() + 1));
      model.addAttribute("seconds", delay.toSeconds() + 1);
      return again("wait", HttpStatus.TOO_MANY_REQUESTS, username, redirect, response, model);
    }
    Optional<User> user =
        username.length() > LONGEST_INPUT || password.length() > LONGEST_INPUT
            ? Optional.empty()
            : database.read(transaction -> Users.byPassword(transaction, username, password));
    if (user.isEmpty()) {
      attempts.failed(username, request.getRemoteAddr());
      return again("wrong", HttpStatus.UNAUTHORIZED, username, redirect, response, model);
    }
    attempts.succeeded(username);
    sessions.begin(user.get(), request, response);
    return "redirect:" + ReturnAddress.of(redirect);
  }

  @PostMapping("/sign-out")
  String signOut(HttpServletRequest request, HttpServletResponse response) {
    sessions.end(request, response);
    return "redirect:/sign-in";
  }

  private static String again(
      String problem,
      HttpStatus status,
      String username,
      @Nullable String redirect,
      HttpServletResponse response,
      Model model) {
    response.setStatus(status.value());
    model.addAttribute("problem", problem);
    model.addAttribute("username", username);
    model.addAttribute("redirect", ReturnAddress.of(redirect));
    return TEMPLATE;
  }
}
