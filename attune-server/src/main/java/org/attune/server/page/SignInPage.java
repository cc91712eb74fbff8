package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.attune.server.access.Authentication;
import org.attune.server.access.PasswordCheck;
import org.attune.server.account.Credentials;
import org.attune.server.account.Secrets;
import org.attune.server.account.User;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Signing in with a name and a password, and out. Each sign-in makes a session of its own. */
@Page
final class SignInPage {

  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final String TEMPLATE = "sign-in";

  private final Database database;
  private final PasswordCheck passwords;

  SignInPage(Database database, PasswordCheck passwords) {
    this.database = database;
    this.passwords = passwords;
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
    User user;
    try {
      user = passwords.user(username, password, request);
    } catch (RequestException e) {
      return again(e, username, redirect, response, model);
    }
    String session = rotate(user, Authentication.session(request));
    setSession(request, response, session, LIFETIME);
    return "redirect:" + ReturnAddress.of(redirect);
  }

  @PostMapping("/sign-out")
  String signOut(HttpServletRequest request, HttpServletResponse response) {
    String session = Authentication.session(request);
    if (session != null) {
      database.change(transaction -> Credentials.revoke(transaction, session));
    }
    setSession(request, response, "", Duration.ZERO);
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

  /** A fresh secret for a browser; what it had before, whoever gave it, proves nothing any more. */
  private String rotate(User user, @Nullable String former) {
    String session = Secrets.next();
    database.change(
        transaction -> {
          if (former != null) {
            Credentials.revoke(transaction, former);
          }
          Credentials.add(
              transaction,
              user.id(),
              Credentials.Kind.SESSION,
              session,
              transaction.clock() + TimeUnit.SECONDS.toMicros(LIFETIME.toSeconds()));
        });
    return session;
  }

  private static void setSession(
      HttpServletRequest request, HttpServletResponse response, String session, Duration age) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        Cookies.header(request, Authentication.SESSION_COOKIE, session, age));
  }
}
