package org.attune.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.attune.server.oidc.SigningInBrowser.parameter;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.attune.server.SignInOptions;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class SignInByOidcTest {

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private @TempDir Path data;
  private OpenIdProvider provider;
  private TestServer server;
  private SigningInBrowser browser;

  @BeforeEach
  void start() {
    provider = OpenIdProvider.start();
    serve(Map.of());
  }

  @AfterEach
  void stop() {
    logger().detachAppender(log);
    server.close();
    provider.close();
  }

  /** Starts the server anew with more variables set. */
  private void serve(Map<String, String> more) {
    if (server != null) {
      server.close();
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("ATTUNE_OIDC_ISSUER", provider.issuer());
    environment.put("ATTUNE_OIDC_CLIENT_ID", OpenIdProvider.CLIENT);
    environment.put("ATTUNE_OIDC_CLIENT_SECRET", OpenIdProvider.SECRET);
    environment.put("ATTUNE_OIDC_LABEL", "the institute");
    environment.putAll(more);
    server = TestServer.signingIn(data, SignInOptions.of(environment));
    provider.expects(server.address() + "/sign-in/oidc/callback");
    browser = new SigningInBrowser(server.address());
    log.start();
    logger().addAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(OidcPage.class);
  }

  private @Nullable Map<String, @Nullable Object> user(String username) {
    return server.owner().get("/api/v1/users").items().stream()
        .filter(user -> username.equals(user.get("username")))
        .findFirst()
        .orElse(null);
  }

  private void assertNobodyIsSignedIn(HttpResponse<String> answer, int status, String words) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("Signing in did not work").contains(words);
    assertThat(Visitor.sessionOf(answer)).isEmpty();
    assertThat(browser.page("/").statusCode()).isEqualTo(302);
  }

  /** The person is told little; the log says for which reason. */
  private void assertDistrusted(HttpResponse<String> answer, String reason) {
    assertNobodyIsSignedIn(answer, 502, "its answer cannot be trusted");
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(reason);
    assertThat(user("ada")).isNull();
  }

  @Test
  void the_page_offers_it_beside_the_password() {
    assertThat(browser.page("/sign-in").body())
        .contains("Sign in with the institute")
        .contains("type=\"password\"");
  }

  @Test
  void who_comes_for_the_first_time_is_made_an_annotator() {
    provider.tells(
        "ada", Map.of("given_name", "Ada", "family_name", "Lovelace", "groups", List.of("x")));

    HttpResponse<String> signedIn = browser.signIn("ada");

    assertThat(SigningInBrowser.location(signedIn)).isEqualTo(server.address() + "/datasets");
    assertThat(browser.page("/").statusCode()).isEqualTo(200);
    assertThat(user("ada"))
        .containsEntry("role", "annotator")
        .containsEntry("first_name", "Ada")
        .containsEntry("last_name", "Lovelace");
  }

  @Test
  void who_comes_again_is_the_same_user_whatever_the_name_is_now() {
    browser.signIn("ada");
    provider.tells("ada", Map.of("preferred_username", "countess"));
    new SigningInBrowser(server.address()).signIn("ada");

    assertThat(user("countess")).isNull();
    assertThat(server.owner().get("/api/v1/users").items()).hasSize(2);
  }

  @Test
  void a_name_or_an_address_that_somebody_has_already_links_nothing() throws Exception {
    provider.tells("owner", Map.of("email", "owner@example.org", "email_verified", true));

    browser.signIn("owner");

    assertThat(user("owner")).containsEntry("role", "owner");
    assertThat(user("owner-2")).containsEntry("role", "annotator");
    assertThat(new Visitor(server.address()).signIn("owner", "owner's password").statusCode())
        .isEqualTo(302);
  }

  @Test
  void who_has_no_password_cannot_be_signed_in_by_one() throws Exception {
    browser.signIn("ada");

    for (String password : List.of("", "null", OpenIdProvider.PASSWORD)) {
      assertThat(new Visitor(server.address()).signIn("ada", password).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void signing_out_ends_the_session() {
    browser.signIn("ada");
    browser.post("/sign-out");

    assertThat(browser.page("/").statusCode()).isEqualTo(302);
  }

  @Test
  void whoever_was_deleted_does_not_come_back() {
    browser.signIn("ada");
    server.owner().delete("/api/v1/users/" + Objects.requireNonNull(user("ada")).get("id"));

    HttpResponse<String> again = new SigningInBrowser(server.address()).signIn("ada");

    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(user("ada")).isNull();
  }

  @Nested
  class The_request {

    @Test
    void asks_for_a_code_bound_to_this_browser_and_this_sign_in() {
      String authorization = browser.begin();

      assertThat(authorization).startsWith(provider.issuer() + "/oauth2/authorize?");
      assertThat(parameter(authorization, "response_type")).isEqualTo("code");
      assertThat(parameter(authorization, "code_challenge_method")).isEqualTo("S256");
      assertThat(parameter(authorization, "code_challenge")).hasSize(43);
      assertThat(parameter(authorization, "nonce")).hasSize(43);
      assertThat(parameter(authorization, "state")).hasSize(43);
      assertThat(parameter(browser.begin(), "state"))
          .isNotEqualTo(parameter(authorization, "state"));
    }

    @Test
    void names_the_public_address_if_there_is_one() {
      serve(Map.of("ATTUNE_PUBLIC_ADDRESS", "https://attune.example.org/"));

      assertThat(parameter(browser.begin(), "redirect_uri"))
          .isEqualTo("https%3A%2F%2Fattune.example.org%2Fsign-in%2Foidc%2Fcallback");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "//evil.example", "/\\evil.example"})
    void leads_back_to_this_server_only(String address) {
      String authorization =
          SigningInBrowser.location(
              browser.page(
                  "/sign-in/oidc?redirect=" + URLEncoder.encode(address, StandardCharsets.UTF_8)));

      HttpResponse<String> end = browser.get(browser.signInAtProvider(authorization, "ada"));

      assertThat(SigningInBrowser.location(end)).isEqualTo(server.address() + "/");
    }
  }

  @Nested
  class An_answer_is_refused {

    private String callback = "";

    private HttpResponse<String> callback(String change, String to) {
      callback = browser.signInAtProvider(browser.begin(), "ada");
      return browser.get(callback.replaceFirst(change, to));
    }

    @Test
    void with_another_state() {
      assertNobodyIsSignedIn(callback("state=[^&]*", "state=guessed"), 400, "Begin again");
    }

    @Test
    void without_a_state() {
      assertNobodyIsSignedIn(callback("state=[^&]*", ""), 400, "Begin again");
    }

    @Test
    void in_another_browser() {
      callback = browser.signInAtProvider(browser.begin(), "ada");
      SigningInBrowser victim = new SigningInBrowser(server.address());
      victim.begin();

      HttpResponse<String> planted = victim.get(callback);

      assertThat(planted.statusCode()).isEqualTo(400);
      assertThat(Visitor.sessionOf(planted)).isEmpty();
    }

    @Test
    void a_second_time() {
      callback("none", "");
      HttpResponse<String> replayed = browser.get(callback);

      assertThat(replayed.statusCode()).isEqualTo(400);
      assertThat(Visitor.sessionOf(replayed)).isEmpty();
    }

    @Test
    void with_a_code_that_was_used() {
      callback("none", "");
      String used = parameter(callback, "code");
      SigningInBrowser other = new SigningInBrowser(server.address());
      String fresh = other.signInAtProvider(other.begin(), "eve");

      HttpResponse<String> injected = other.get(fresh.replaceFirst("code=[^&]*", "code=" + used));

      assertThat(injected.statusCode()).isEqualTo(403);
      assertThat(Visitor.sessionOf(injected)).isEmpty();
    }

    @Test
    void with_the_code_of_another_sign_in_which_pkce_tells_apart() {
      SigningInBrowser victim = new SigningInBrowser(server.address());
      String stolen = parameter(victim.signInAtProvider(victim.begin(), "ada"), "code");

      String own = browser.signInAtProvider(browser.begin(), "eve");

      assertNobodyIsSignedIn(
          browser.get(own.replaceFirst("code=[^&]*", "code=" + stolen)), 403, "did not let you");
    }

    @Test
    void of_another_issuer() {
      callback = browser.signInAtProvider(browser.begin(), "ada");

      assertDistrusted(
          browser.get(callback.replaceFirst("&iss=[^&]*", "") + "&iss=https%3A%2F%2Fevil.example"),
          "comes from the issuer https://evil.example");
    }

    @Test
    void that_tells_of_an_error() {
      String state = parameter(browser.begin(), "state");

      assertNobodyIsSignedIn(
          browser.page("/sign-in/oidc/callback?error=access_denied&state=" + state),
          403,
          "did not let you through");
    }
  }

  @Nested
  class A_token_is_refused {

    @Test
    void with_another_nonce() {
      provider.spoils(claims -> claims.claim("nonce", "of another sign-in"));
      assertDistrusted(browser.signIn("ada"), "Unexpected JWT nonce");
    }

    @Test
    void for_another_audience() {
      provider.spoils(claims -> claims.audience("another client"));
      assertDistrusted(browser.signIn("ada"), "Unexpected JWT audience");
    }

    @Test
    void of_another_issuer() {
      provider.spoils(claims -> claims.issuer("https://evil.example"));
      assertDistrusted(browser.signIn("ada"), "Unexpected JWT issuer");
    }

    @Test
    void that_expired() {
      provider.spoils(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(300))));
      assertDistrusted(browser.signIn("ada"), "Expired JWT");
    }

    @Test
    void that_never_expires() {
      provider.spoils(claims -> claims.expirationTime(null));
      assertDistrusted(browser.signIn("ada"), "Missing JWT expiration");
    }

    @Test
    void that_nobody_signed() {
      provider.signsNothing();
      assertDistrusted(browser.signIn("ada"), "Signed ID token expected");
    }

    @Test
    void that_somebody_else_signed() {
      provider.signsByAnotherKey();
      assertDistrusted(browser.signIn("ada"), "Invalid signature");
    }
  }

  @Nested
  class The_rules {

    @Test
    void admit_only_verified_addresses_of_a_domain() {
      serve(Map.of("ATTUNE_OIDC_ALLOWED_DOMAINS", "example.org, Example.net"));
      provider.tells("ada", Map.of("email", "ada@EXAMPLE.net", "email_verified", true));
      provider.tells("bob", Map.of("email", "bob@example.org", "email_verified", false));
      provider.tells("eve", Map.of("email", "eve@example.org.evil", "email_verified", true));

      assertThat(browser.signIn("ada").statusCode()).isEqualTo(302);
      assertThat(new SigningInBrowser(server.address()).signIn("bob").statusCode()).isEqualTo(403);
      assertThat(new SigningInBrowser(server.address()).signIn("eve").statusCode()).isEqualTo(403);
      assertThat(user("bob")).isNull();
      assertThat(user("eve")).isNull();
    }

    @Test
    void admit_only_members_of_a_group() {
      serve(Map.of("ATTUNE_OIDC_ALLOWED_GROUPS", "annotation"));
      provider.tells("ada", Map.of("groups", List.of("annotation")));

      assertThat(browser.signIn("ada").statusCode()).isEqualTo(302);
      SigningInBrowser other = new SigningInBrowser(server.address());
      HttpResponse<String> refused = other.signIn("bob");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("not admitted here");
    }

    @Test
    void are_noted_where_they_leave_somebody_out() {
      serve(Map.of("ATTUNE_OIDC_ALLOWED_GROUPS", "annotation"));
      provider.tells("ada", Map.of("groups", List.of("annotation")));
      browser.signIn("ada");
      new SigningInBrowser(server.address()).signIn("bob");

      assertThat(server.owner().get("/api/attune/audit?action=session.").items())
          .extracting(entry -> entry.get("action"))
          .containsExactly("session.refused", "session.started");
    }

    @Test
    void give_the_role_of_the_groups_at_each_sign_in() {
      serve(Map.of("ATTUNE_OIDC_ROLES", "leads=admin,annotation=annotator"));
      provider.tells("ada", Map.of("groups", List.of("annotation", "leads")));
      browser.signIn("ada");
      assertThat(user("ada")).containsEntry("role", "admin");

      provider.tells("ada", Map.of("groups", List.of("annotation")));
      new SigningInBrowser(server.address()).signIn("ada");

      assertThat(user("ada")).containsEntry("role", "annotator");
    }

    @Test
    void keep_the_role_that_the_owner_gave_where_they_give_none() {
      browser.signIn("ada");
      server
          .owner()
          .patch(
              "/api/v1/users/" + Objects.requireNonNull(user("ada")).get("id"),
              Map.of("role", "admin"));
      new SigningInBrowser(server.address()).signIn("ada");

      assertThat(user("ada")).containsEntry("role", "admin");
    }

    @Test
    void make_new_users_members_of_workspaces() {
      serve(Map.of("ATTUNE_OIDC_WORKSPACES", "default,unknown"));
      browser.signIn("ada");

      String id =
          String.valueOf(server.owner().get("/api/v1/me/workspaces").items().get(0).get("id"));
      assertThat(server.owner().get("/api/v1/workspaces/" + id + "/users").items())
          .extracting(user -> user.get("username"))
          .contains("ada");
    }

    @Test
    void can_leave_passwords_out() throws Exception {
      serve(Map.of("ATTUNE_PASSWORD_SIGN_IN", "false"));
      Visitor visitor = new Visitor(server.address());

      assertThat(visitor.signIn("owner", "owner's password").statusCode()).isEqualTo(403);
      assertThat(
              visitor
                  .post(
                      "/api/v1/token", Map.of("username", "owner", "password", "owner's password"))
                  .statusCode())
          .isEqualTo(403);
      assertThat(visitor.get("/sign-in").body()).doesNotContain("type=\"password\"");
      assertThat(browser.signIn("ada").statusCode()).isEqualTo(302);
      assertThat(server.owner().get("/api/v1/me").status()).isEqualTo(200);
    }
  }

  @Test
  void a_provider_that_is_down_is_told_on_a_page_and_passwords_go_on() throws Exception {
    provider.close();

    assertNobodyIsSignedIn(browser.page("/sign-in/oidc"), 502, "cannot be reached");
    assertThat(new Visitor(server.address()).signIn("owner", "owner's password").statusCode())
        .isEqualTo(302);
  }

  @Test
  void a_provider_of_another_name_is_not_taken() {
    serve(Map.of("ATTUNE_OIDC_ISSUER", provider.issuer() + "/"));

    assertDistrusted(
        browser.page("/sign-in/oidc"), "The returned issuer doesn't match the expected");
  }
}
