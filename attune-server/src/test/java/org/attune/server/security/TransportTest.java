package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What browsers are told about cookies and connections, with a proxy in front and without. */
final class TransportTest {

  @TempDir Path folder;

  private static HttpResponse<String> signIn(TestServer server) throws Exception {
    return new Visitor(server.address())
        .post(
            "/sign-in",
            Map.of("username", "owner", "password", "owner's password"),
            "X-Forwarded-Proto",
            "https");
  }

  @Test
  void behind_a_proxy_with_tls_cookies_and_browsers_stay_with_it() throws Exception {
    try (TestServer server =
        TestServer.with(folder, Map.of("attune.forwarded-headers", "native"))) {
      HttpHeaders headers = signIn(server).headers();

      assertThat(headers.firstValue("Set-Cookie").orElseThrow())
          .contains("Secure", "HttpOnly", "SameSite=Lax");
      assertThat(headers.firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
    }
  }

  @Test
  void without_a_proxy_nobody_is_believed_to_be_one() throws Exception {
    try (TestServer server = TestServer.over(folder)) {
      HttpHeaders headers = signIn(server).headers();

      assertThat(headers.firstValue("Set-Cookie").orElseThrow()).doesNotContain("Secure");
      assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
    }
  }

  @Test
  void what_programs_are_answered_is_neither_kept_nor_guessed_at() {
    try (TestServer server = TestServer.over(folder)) {
      HttpHeaders headers = server.owner().get("/api/v1/me").response().headers();

      assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(headers.firstValue("Content-Type")).hasValue("application/json");
      assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
    }
  }

  @Test
  void a_key_is_shown_to_its_holder_only() {
    try (TestServer server = TestServer.over(folder)) {
      TestServer.Person person = server.person("annotator", null);

      assertThat(person.caller().get("/api/v1/me").text("api_key")).isEqualTo(person.apiKey());
      assertThat(server.owner().get("/api/v1/users/" + person.id()).text("api_key"))
          .isEqualTo("********");
      assertThat(server.owner().get("/api/users").body()).doesNotContain(person.apiKey());
      assertThat(server.owner().get("/api/v1/users").body())
          .doesNotContain(person.apiKey(), "password");
    }
  }
}
