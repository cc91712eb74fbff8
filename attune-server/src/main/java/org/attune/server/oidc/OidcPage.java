package org.attune.server.oidc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import org.attune.server.OidcOptions;
import org.attune.server.ServerOptions;
import org.attune.server.account.Secrets;
import org.attune.server.account.User;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.oidc.OidcException.Reason;
import org.attune.server.oidc.PendingSignIns.Pending;
import org.attune.server.page.Cookies;
import org.attune.server.page.Page;
import org.attune.server.page.ReturnAddress;
import org.attune.server.page.Sessions;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The way to the OpenID provider, and back. */
@Page
final class OidcPage {

  private static final Logger LOG = LoggerFactory.getLogger(OidcPage.class);
  private static final String BROWSER_COOKIE = "attune_sign_in";
  private static final String BEGIN = "/sign-in/oidc";
  private static final String CALLBACK = BEGIN + "/callback";

  private final Database database;
  private final Sessions sessions;
  private final PendingSignIns pendingSignIns = new PendingSignIns(Clock.systemUTC());
  private final @Nullable Configured configured;

  private record Configured(Provider provider, Admission admission, @Nullable URI publicAddress) {}

  OidcPage(Database database, Sessions sessions, ServerOptions options) {
    this.database = database;
    this.sessions = sessions;
    OidcOptions oidc = options.signIn().oidc();
    this.configured =
        oidc == null
            ? null
            : new Configured(
                new Provider(oidc, Clock.systemUTC()), new Admission(oidc), oidc.publicAddress());
  }

  private Configured configured() {
    if (configured == null) {
      throw RequestException.notFound("Provider", "OpenID");
    }
    return configured;
  }

  @GetMapping(BEGIN)
  String begin(
      @RequestParam(required = false) @Nullable String redirect,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    Configured known = configured();
    // kept where it is there already, so that two tabs can sign in at once
    String former = Cookies.value(request, BROWSER_COOKIE, "");
    String browser = former.isEmpty() ? Secrets.next() : former;
    try {
      Pending pending = pendingSignIns.begin(browser, ReturnAddress.of(redirect));
      URI provider = known.provider().authorization(pending, callback(known, request));
      response.addHeader(
          HttpHeaders.SET_COOKIE,
          Cookies.header(request, BROWSER_COOKIE, browser, PendingSignIns.LIFETIME));
      return "redirect:" + provider;
    } catch (OidcException e) {
      return failed(e, response, model);
    }
  }

  @GetMapping(CALLBACK)
  String end(
      @RequestParam Map<String, String> answer,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    Configured known = configured();
    try {
      Pending pending =
          pendingSignIns
              .take(answer.getOrDefault("state", ""), Cookies.value(request, BROWSER_COOKIE, ""))
              .orElseThrow(
                  () -> new OidcException(Reason.EXPIRED, "no sign-in of this browser waits"));
      String code = answer.getOrDefault("code", "");
      if (code.isEmpty() || answer.containsKey("error")) {
        throw new OidcException(Reason.REFUSED, "it let nobody through");
      }
      Person person =
          known.provider().person(code, answer.get("iss"), pending, callback(known, request));
      User user = database.write(transaction -> known.admission().admit(transaction, person));
      sessions.begin(user, request, response);
      return "redirect:" + pending.returnAddress();
    } catch (OidcException e) {
      return failed(e, response, model);
    }
  }

  private String failed(OidcException e, HttpServletResponse response, Model model) {
    LOG.warn("Nobody was signed in by the OpenID provider: {}", e.getMessage());
    if (e.reason() == Reason.NOT_ADMITTED) { // the others cost nothing to cause, and would fill it
      database.change(OidcPage::logRefusal);
    }
    response.setStatus(e.reason().status().value());
    model.addAttribute("reason", e.reason().key());
    return "sign-in-failed";
  }

  /** Whoever was left out has no account to name. */
  private static void logRefusal(Transaction transaction) {
    AuditLog.addAs(transaction, null, null, AuditAction.SESSION_REFUSED, "user", "unknown");
  }

  /** Where the provider sends browsers back to; it knows the address, and takes no other. */
  private static URI callback(Configured known, HttpServletRequest request) {
    URI base = known.publicAddress();
    return base == null
        ? ServletUriComponentsBuilder.fromContextPath(request).path(CALLBACK).build().toUri()
        : URI.create(base.toString().replaceFirst("/$", "") + CALLBACK);
  }
}
