package org.attune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.attune.server.AttuneServer;
import org.attune.server.ServerOptions;
import org.attune.server.account.FirstStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignInPageTest {

  private static final String NAME = "ada";
  private static final String PASSWORD = "correct horse";
  private static final int FREE_ATTEMPTS = 5;

  private AttuneServer server;
  private Visitor visitor;

  @BeforeEach
  void start(@TempDir Path data) {
    server =
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1", 0, data, null, new FirstStart.Owner(NAME, PASSWORD, "ada.apikey")));
    visitor = new Visitor(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_closed_page_leads_to_signing_in_and_back() throws Exception {
    HttpResponse<String> closed = visitor.get("/dataset/1/annotation-mode?status=draft");

    assertThat(closed.statusCode()).isEqualTo(302);
    assertThat(closed.headers().firstValue("Location"))
        .hasValue("/sign-in?redirect=%2Fdataset%2F1%2Fannotation-mode%3Fstatus%3Ddraft");
    HttpResponse<String> form = visitor.get(closed.headers().firstValue("Location").orElseThrow());
    assertThat(form.body()).contains("value=\"/dataset/1/annotation-mode?status=draft\"");
  }

  @Test
  void the_right_password_opens_the_home_page() throws Exception {
    HttpResponse<String> signedIn = visitor.signIn(NAME, PASSWORD);

    assertThat(signedIn.statusCode()).isEqualTo(302);
    assertThat(signedIn.headers().firstValue("Location")).hasValue("/");
    assertThat(visitor.get("/").body()).contains("My queues").contains("Nothing waits for you");
  }

  @Test
  void no_script_and_no_other_site_sees_the_session() throws Exception {
    String cookie = Visitor.sessionOf(visitor.signIn(NAME, PASSWORD)).orElseThrow();

    assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax").contains("Path=/");
  }

  @Test
  void each_sign_in_makes_a_new_session_and_ends_the_one_before() throws Exception {
    visitor.signIn(NAME, PASSWORD);
    String former = visitor.session();
    visitor.signIn(NAME, PASSWORD);

    assertThat(visitor.session()).isNotEqualTo(former);
    assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    visitor.bring(former);
    assertThat(visitor.get("/").statusCode()).isEqualTo(302);
  }

  @Test
  void a_session_that_somebody_planted_is_not_taken_over() throws Exception {
    visitor.bring("attune_session=planted");
    visitor.signIn(NAME, PASSWORD);

    assertThat(visitor.session()).isNotEqualTo("attune_session=planted");
  }

  @Test
  void signing_out_ends_the_session() throws Exception {
    visitor.signIn(NAME, PASSWORD);
    String session = visitor.session();
    HttpResponse<String> signedOut = visitor.post("/sign-out", Map.of());

    assertThat(signedOut.headers().firstValue("Location")).hasValue("/sign-in");
    visitor.bring(session);
    assertThat(visitor.get("/").statusCode()).isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)"
      })
  void nobody_is_sent_to_another_site(String redirect) throws Exception {
    HttpResponse<String> signedIn =
        visitor.post(
            "/sign-in", Map.of("username", NAME, "password", PASSWORD, "redirect", redirect));

    assertThat(signedIn.headers().firstValue("Location")).hasValue("/");
  }

  @Test
  void a_form_of_another_site_signs_nobody_in() throws Exception {
    HttpResponse<String> foreign =
        visitor.post(
            "/sign-in",
            Map.of("username", NAME, "password", PASSWORD),
            "Origin",
            "https://evil.example");

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(Visitor.sessionOf(foreign)).isEmpty();
  }

  @Nested
  class A_wrong_password {

    @Test
    void is_answered_like_a_wrong_name() throws Exception {
      HttpResponse<String> password = visitor.signIn(NAME, "wrong");
      HttpResponse<String> name = visitor.signIn("nobody", "wrong");

      assertThat(password.statusCode()).isEqualTo(401);
      assertThat(name.body().replace("nobody", NAME)).isEqualTo(password.body());
      assertThat(Visitor.sessionOf(password)).isEmpty();
    }

    @Test
    void makes_the_next_attempts_wait_after_some_failures() throws Exception {
      for (int i = 0; i <= FREE_ATTEMPTS; i++) {
        assertThat(visitor.signIn(NAME, "wrong").statusCode()).isEqualTo(401);
      }
      HttpResponse<String> early = visitor.signIn(NAME, PASSWORD);

      assertThat(early.statusCode()).isEqualTo(429);
      assertThat(early.headers().firstValue("Retry-After")).isPresent();
      assertThat(early.body()).contains("Too many failed attempts");
    }
  }

  @Nested
  class Every_page {

    @Test
    void runs_only_scripts_of_this_server() throws Exception {
      String policy =
          visitor.get("/sign-in").headers().firstValue("Content-Security-Policy").orElseThrow();

      assertThat(policy)
          .contains("default-src 'none'")
          .contains("script-src 'self' 'sha256-")
          .contains("frame-ancestors 'none'")
          .contains("base-uri 'none'")
          .doesNotContain("unsafe");
    }

    @Test
    void has_the_headers_that_keep_browsers_from_guessing_framing_and_telling() throws Exception {
      HttpResponse<String> page = visitor.get("/sign-in");

      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
      assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void speaks_the_language_of_the_browser_until_a_person_chooses() throws Exception {
      assertThat(visitor.get("/sign-in", "Accept-Language", "de-AT,en;q=0.5").body())
          .contains("<html lang=\"de\"")
          .contains("Anmelden");
      assertThat(
              visitor
                  .get("/sign-in", "Accept-Language", "de", "Cookie", "attune_language=en")
                  .body())
          .contains("<html lang=\"en\"");
      assertThat(visitor.get("/sign-in", "Accept-Language", "%%").body())
          .contains("<html lang=\"en\"");
    }

    @Test
    void has_the_theme_that_a_person_chose() throws Exception {
      HttpResponse<String> chosen =
          visitor.post("/preferences", Map.of("theme", "dark", "redirect", "/sign-in"));

      assertThat(chosen.headers().firstValue("Location")).hasValue("/sign-in");
      assertThat(chosen.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("attune_theme=dark")
          .contains("SameSite=Lax");
      assertThat(visitor.get("/sign-in", "Cookie", "attune_theme=dark").body())
          .contains("data-theme=\"dark\"");
    }
  }

  @Test
  void a_dataset_that_does_not_exist_is_told_on_a_page() throws Exception {
    visitor.signIn(NAME, PASSWORD);
    HttpResponse<String> page = visitor.get("/dataset/none/annotation-mode");

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("There is no such page").contains("href=\"/\"");
  }

  @Test
  void an_address_that_leads_nowhere_is_told_on_a_page() throws Exception {
    visitor.signIn(NAME, PASSWORD);
    HttpResponse<String> page = visitor.get("/no/such/page", "Accept", "text/html");

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("There is no such page");
  }

  @Test
  void the_html_of_records_is_shown_in_a_sandbox_of_its_own() throws Exception {
    String policy =
        visitor
            .get("/assets/frame.html")
            .headers()
            .firstValue("Content-Security-Policy")
            .orElseThrow();

    assertThat(policy)
        .contains("sandbox allow-scripts")
        .doesNotContain("allow-same-origin")
        .contains("default-src 'none'")
        .contains("frame-ancestors 'self'")
        .doesNotContain("connect-src");
  }

  @Test
  void scripts_find_the_texts_of_both_languages() throws Exception {
    assertThat(visitor.get("/assets/messages/en.js").body())
        .startsWith("export default {")
        .contains("\"annotate.loading\":\"Loading the dataset\"");
    assertThat(visitor.get("/assets/messages/de.js").body()).contains("wird geladen");
    assertThat(visitor.get("/assets/messages/xx.js").statusCode()).isEqualTo(404);
  }
}
