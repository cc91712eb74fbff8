package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are broken: what the answer tells of the inside of the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailureTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path data) {
    folder = data;
    server = TestServer.over(data);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("X-Argilla-Api-Key", TestServer.OWNER_KEY)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private boolean tells(HttpResponse<String> answer) {
    return List.of(
            "java.",
            "jakarta.",
            "tools.jackson",
            "org.spring",
            "org.attune",
            "org.sqlite",
            "\tat ",
            "SQL",
            folder.toString())
        .stream()
        .anyMatch(answer.body()::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":", "[1, 2]", "\"text\"", "null", "", "\u0000", "{\"a\": NaN}"})
  void no_route_answers_a_broken_body_with_its_inside(String body) {
    List<String> wrong = new ArrayList<>();
    for (String route : server.routes()) {
      String method = route.substring(0, route.indexOf(' '));
      String path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
      if (!method.equals("ANY") && !method.equals("GET") && !path.startsWith("/account")) {
        HttpResponse<String> answer = send(method, path, "application/json", body);
        if (answer.statusCode() >= 500 || tells(answer)) {
          wrong.add(route + " " + answer.statusCode() + " " + answer.body());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void no_route_answers_a_broken_path_or_query_with_its_inside() {
    List<String> wrong = new ArrayList<>();
    for (String route : server.routes()) {
      String path =
          route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "%C3%28'%22%7B");
      if (route.startsWith("GET ")) {
        HttpResponse<String> answer =
            send("GET", path + "?limit=x&offset=-1&at=x&ids=%00&include=%00", "x/y", "");
        if (answer.statusCode() >= 500 || tells(answer)) {
          wrong.add(route + " " + answer.statusCode() + " " + answer.body());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void a_parameter_without_a_name_and_parts_without_a_boundary_are_told_to_be_wrong() {
    List<String> wrong = new ArrayList<>();
    for (String route : server.routes()) {
      String method = route.substring(0, route.indexOf(' ')).replace("ANY", "GET");
      String path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
      for (HttpResponse<String> answer :
          List.of(
              send(method, path + "?=1", "application/json", "{}"),
              send(method, path, "multipart/form-data", "{}"))) {
        if (answer.statusCode() >= 500 || tells(answer)) {
          wrong.add(route + " " + answer.statusCode() + " " + answer.body());
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PROPFIND", "PUT", "DELETE"})
  void a_method_that_a_route_does_not_have_is_refused(String method) {
    HttpResponse<String> answer = send(method, "/api/v1/me", "application/json", "");

    assertThat(answer.statusCode()).isIn(405, 501);
    assertThat(tells(answer)).isFalse();
  }

  @Test
  void the_answer_does_not_say_what_serves_it() {
    assertThat(send("GET", "/api/v1/me", "x/y", "").headers().map().keySet())
        .doesNotContain("server", "x-powered-by");
  }
}
