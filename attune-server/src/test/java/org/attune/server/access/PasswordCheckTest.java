package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guessing passwords, on every way on which one can be typed. */
final class PasswordCheckTest {

  private static final String RIGHT = "owner's password";
  private static final int FREE_ATTEMPTS = 5;

  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = TestServer.over(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> token(String route, String name, String password)
      throws IOException, InterruptedException {
    return http.send(request(route, name, password), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String route, String name, String password) {
    return HttpRequest.newBuilder(URI.create(server.address() + route))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "username=" + name + "&password=" + password.replace(" ", "+")))
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/token", "/api/security/token"})
  void guesses_at_a_token_have_to_wait_after_some(String route) throws Exception {
    for (int i = 0; i <= FREE_ATTEMPTS; i++) {
      HttpResponse<String> wrong = token(route, "owner", "wrong");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.body()).contains("argilla.api.errors::UnauthorizedError");
    }
    HttpResponse<String> early = token(route, "owner", RIGHT);

    assertThat(early.statusCode()).isEqualTo(429);
    assertThat(early.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(early.body())
        .isEqualTo("{\"detail\":\"Too many failed attempts. Try again in 1 seconds.\"}");
  }

  @Test
  void the_page_and_the_routes_count_together() throws Exception {
    for (int i = 0; i <= FREE_ATTEMPTS; i++) {
      token("/api/v1/token", "owner", "wrong");
    }

    assertThat(new Visitor(server.address()).signIn("owner", RIGHT).statusCode()).isEqualTo(429);
  }

  @Test
  void a_stolen_session_does_not_help_to_guess_the_password() throws Exception {
    TestServer.Person person = server.person("annotator", null);
    Visitor thief = new Visitor(server.address());
    thief.signIn(person.username(), "a long password");
    Map<String, String> guess = Map.of("present", "wrong", "password", "another password");
    for (int i = 0; i <= FREE_ATTEMPTS; i++) {
      assertThat(thief.post("/account/password", guess).statusCode()).isEqualTo(422);
    }

    assertThat(thief.post("/account/password", guess).statusCode()).isEqualTo(429);
  }

  @Test
  void guesses_that_come_all_at_once_are_not_all_looked_at() {
    List<CompletableFuture<HttpResponse<Void>>> guesses =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    http.sendAsync(
                        request("/api/v1/token", "owner", "guess " + i),
                        HttpResponse.BodyHandlers.discarding()))
            .toList();
    long lookedAt = guesses.stream().filter(guess -> guess.join().statusCode() == 401).count();

    assertThat(lookedAt)
        .isBetween(
            (long) FREE_ATTEMPTS,
            (long) FREE_ATTEMPTS + 1 + Runtime.getRuntime().availableProcessors());
  }

  @Test
  void an_unknown_name_is_answered_like_a_wrong_password() throws Exception {
    assertThat(token("/api/v1/token", "nobody", "wrong").body())
        .isEqualTo(token("/api/v1/token", "owner", "wrong").body());
  }

  @Test
  void an_unknown_name_takes_as_long_as_a_wrong_password() throws Exception {
    String name = server.person("annotator", null).username();
    long known = Long.MAX_VALUE;
    long unknown = Long.MAX_VALUE;
    for (int i = 0; i < FREE_ATTEMPTS; i++) {
      known = Math.min(known, time(name));
      unknown = Math.min(unknown, time("nobody"));
    }

    // without a hash for nobody, the unknown name would be a hundred times as fast
    assertThat(unknown).isBetween(known / 3, known * 3);
  }

  private long time(String name) throws Exception {
    long start = System.nanoTime();
    assertThat(token("/api/v1/token", name, "wrong").statusCode()).isEqualTo(401);
    return System.nanoTime() - start;
  }
}
