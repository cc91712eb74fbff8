package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.attune.server.ServerOptions;
import org.attune.server.SignInOptions;
import org.attune.server.access.PasswordCheck;
import org.attune.server.account.User;
import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Signing in with a name and a password, and out. Each sign-in makes a session of its own. */
@Page
final class SignInPage {

  private static final String TEMPLATE = "sign-in";

  private final PasswordCheck passwords;
  private final Sessions sessions;
  private final SignInOptions options;

  SignInPage(PasswordCheck passwords, Sessions sessions, ServerOptions options) {
    this.passwords = passwords;
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
    User user;
    try {
      user = passwords.user(username, password, request);
    } catch (RequestException e) {
      return again(e, username, redirect, response, model);
    }
    sessions.begin(user, request, response);
    return "redirect:" + ReturnAddress.of(redirect);
  }

  @PostMapping("/sign-out")
  String signOut(HttpServletRequest request, HttpServletResponse response) {
    sessions.end(request, response);
    return "redirect:/sign-in";
  }

  private static String again(
      RequestException refused,
      String username,
      @Nullable String redirect,
      HttpServletResponse response,
      Model model) {
    response.setStatus(refused.reason().status());
    if (refused.reason() == RequestException.Reason.TOO_MANY) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(refused.retryAfter()));
      model.addAttribute("seconds", refused.retryAfter());
      model.addAttribute("problem", "wait");
    } else {
      model.addAttribute("problem", "wrong");
    }
    model.addAttribute("username", username);
    model.addAttribute("redirect", ReturnAddress.of(redirect));
    return TEMPLATE;
  }
}
