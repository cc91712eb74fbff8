package org.attune.feedback.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.attune.feedback.client.Connection.Question;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionTest {

  private static final Duration SOON = Duration.ofMillis(1);

  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Connection connection;

  private record Answer(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    connection = new Connection(settings());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ClientSettings settings() {
    return ClientSettings.of(
            URI.create("http://localhost:" + server.getAddress().getPort()), "secret.key")
        .attempts(3, SOON);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        "%s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("X-Argilla-Api-Key")));
    exchange.getRequestBody().readAllBytes();
    Answer answer = answers.remove();
    if (answer.status() == 0) {
      exchange.close(); // hangs up without an answer
      return;
    }
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void the_key_goes_with_every_request() {
    answers.add(new Answer(200, "{\"id\":\"1\"}"));

    assertThat(connection.get("ask", "v1/me").get("id")).isEqualTo("1");
    assertThat(asked).containsExactly("GET /api/v1/me secret.key");
    assertThat(connection.settings().toString()).doesNotContain("secret");
  }

  @Test
  void what_may_pass_is_tried_again_if_it_does_no_harm() {
    answers.addAll(
        List.of(new Answer(503, ""), new Answer(0, ""), new Answer(200, "{\"done\":true}")));

    assertThat(connection.put("do it", "v1/x", Map.of())).isEqualTo(Map.of("done", true));
    assertThat(asked).hasSize(3);
  }

  @Test
  void what_makes_something_new_is_never_tried_again() {
    answers.add(new Answer(503, "{\"detail\":\"busy\"}"));
    assertThatThrownBy(() -> connection.post("make it", "v1/x", Map.of()))
        .isInstanceOf(FeedbackClientException.class)
        .hasMessageContaining("refused to make it (503): busy");

    answers.add(new Answer(0, ""));
    assertThatThrownBy(() -> connection.post("make it", "v1/x", Map.of()))
        .hasMessageContaining("after 1 attempts");
    assertThat(asked).hasSize(2);
  }

  @Test
  void attempts_come_to_an_end() {
    answers.addAll(List.of(new Answer(429, ""), new Answer(429, ""), new Answer(429, "")));

    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .isInstanceOfSatisfying(
            FeedbackClientException.class, e -> assertThat(e.status()).isEqualTo(429));
    assertThat(asked).hasSize(3);
  }

  @Test
  void what_will_not_pass_is_not_tried_again() {
    answers.add(
        new Answer(
            422,
            "{\"detail\":{\"code\":\"argilla.api.errors::ValidationError\",\"params\":{\"errors\":"
                + "[{\"loc\":[\"body\",\"items\",7,\"fields\"],\"msg\":\"field required\",\"type\":\"x\"}]}}}"));

    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("refused to ask (422): body.items.7.fields: field required");
    assertThat(asked).hasSize(1);
  }

  @Test
  void a_refusal_tells_the_way_out() {
    answers.add(
        new Answer(
            401,
            "{\"detail\":{\"code\":\"argilla.api.errors::UnauthorizedError\",\"params\":{\"detail\":\"no\"}}}"));
    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("does not know the API key")
        .hasMessageNotContaining("secret");

    answers.add(
        new Answer(
            403,
            "{\"detail\":{\"code\":\"argilla.api.errors::ForbiddenOperationError\",\"params\":{\"detail\":\"Operation not allowed\"}}}"));
    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("does not permit to ask: Operation not allowed");

    answers.add(new Answer(404, "<html>not here</html>"));
    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("has nothing to ask: it gave no reason");
  }

  @Test
  void an_answer_that_is_no_json_object_is_reported() {
    answers.add(new Answer(200, "<html>hello</html>"));
    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("is no JSON object. Check that http://localhost");
    answers.add(new Answer(200, "[1]"));
    assertThatThrownBy(() -> connection.get("ask", "v1/x"))
        .hasMessageContaining("is no JSON object");
  }

  @Test
  void a_redirect_is_not_followed_with_the_key() {
    answers.add(new Answer(307, ""));

    assertThatThrownBy(() -> connection.ask(new Question("ask", "GET", "v1/x", null, true)))
        .isInstanceOfSatisfying(
            FeedbackClientException.class, e -> assertThat(e.status()).isEqualTo(307));
  }

  @Test
  void an_interrupt_ends_the_waiting() {
    answers.add(new Answer(503, ""));
    Connection patient = new Connection(settings().attempts(3, Duration.ofMinutes(1)));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> patient.get("ask", "v1/x")).hasMessageContaining("was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void addresses_and_keys_are_checked() {
    assertThatThrownBy(() -> ClientSettings.of(URI.create("localhost:6900"), "key"))
        .hasMessageContaining("Write one such as http://localhost:6900");
    assertThatThrownBy(() -> ClientSettings.fromEnvironment(Map.of()))
        .hasMessageContaining("The API key must be printable ASCII");
    assertThatThrownBy(() -> ClientSettings.fromEnvironment(Map.of("ARGILLA_API_KEY", "a\nb")))
        .hasMessageContaining("printable ASCII")
        .hasMessageNotContaining("a\nb");
    assertThat(ClientSettings.fromEnvironment(Map.of("ARGILLA_API_KEY", "k")).server())
        .hasToString("http://localhost:6900");
    assertThatThrownBy(() -> settings().batch(501)).hasMessageContaining("1 to 500");
    assertThatThrownBy(() -> settings().attempts(0, SOON)).hasMessageContaining("at least 1");
  }
}
