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
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A page of another site that makes the browser of somebody who signed in send something here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForeignPageTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;
  private String session;

  @BeforeAll
  void an_owner_signs_in(@TempDir Path folder) throws Exception {
    server = TestServer.over(folder);
    Visitor owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
    session = owner.session();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private List<String> changingRoutes() {
    return server.routes().stream()
        .filter(route -> !route.startsWith("GET ") && !route.startsWith("ANY "))
        .toList();
  }

  private HttpResponse<String> send(String route, String type, String... headers) {
    String method = route.substring(0, route.indexOf(' '));
    String path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("Cookie", session)
            .header("Content-Type", type)
            .headers(headers)
            .method(method, HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(route, e);
    }
  }

  private List<String> routesThatLetIn(String type, String... headers) {
    List<String> open = new ArrayList<>();
    for (String route : changingRoutes()) {
      HttpResponse<String> answer = send(route, type, headers);
      if (answer.statusCode() != 403 || !answer.body().contains("another site")) {
        open.add(route + " " + answer.statusCode());
      }
    }
    return open;
  }

  @Test
  void changes_nothing_by_json_on_any_route() {
    assertThat(changingRoutes()).hasSizeGreaterThan(60);
    assertThat(routesThatLetIn("application/json", "Origin", "https://evil.example")).isEmpty();
  }

  @Test
  void changes_nothing_by_a_form_on_any_route() {
    assertThat(routesThatLetIn("text/plain", "Origin", "null")).isEmpty();
    assertThat(routesThatLetIn("application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"))
        .isEmpty();
  }

  @Test
  void of_the_same_host_and_another_port_is_another_site() {
    assertThat(routesThatLetIn("application/json", "Origin", "http://127.0.0.1:1")).isEmpty();
  }

  @Test
  void cannot_read_by_asking_for_permission() {
    HttpResponse<String> preflight =
        send(
            "OPTIONS /api/v1/me",
            "text/plain",
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "GET");
    HttpResponse<String> read = send("GET /api/v1/me", "x/y", "Origin", "https://evil.example");

    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void is_told_from_a_page_of_this_server() {
    HttpResponse<String> own =
        send("POST /api/v1/workspaces", "application/json", "Origin", server.address());

    assertThat(own.statusCode()).as("the body is what is wrong").isEqualTo(422);
  }
}
