package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that are written so that one part of a server may read them otherwise than another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PathTest {

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server = TestServer.over(folder);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** The answer to a path that is sent as it is, without a client that tidies it. */
  private String raw(String path) throws IOException {
    URI address = URI.create(server.address());
    try (Socket socket = new Socket(address.getHost(), address.getPort());
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream()) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + address.getAuthority()
              + "\r\n"
              + "Connection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/../../application.yaml",
        "/assets/%2e%2e/%2e%2e/application.yaml",
        "/assets/..%2f..%2fapplication.yaml",
        "/assets/..%5c..%5capplication.yaml",
        "/assets/....//....//application.yaml",
        "/webjars/../application.yaml",
        "/webjars/%2e%2e/application.yaml",
        "/assets/messages/..%2f..%2f..%2fapplication.js",
        "/assets/%252e%252e/application.yaml",
        "/assets//etc/passwd",
        "/assets/%00/../application.yaml",
        "/application.yaml",
        "/db/migration/V1__feedback.sql",
        "/templates/layout.html",
        "/META-INF/MANIFEST.MF"
      })
  void no_file_but_the_assets_is_served(String path) throws Exception {
    assertThat(raw(path))
        .matches("(?s)HTTP/1\\.1 (302|400|401|404) .*")
        .doesNotContain("max-file-size", "CREATE TABLE", "th:fragment", "root:x:", "Manifest-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/v1/users",
        "/api/v1/users/",
        "/api//v1/users",
        "/API/v1/users",
        "/api/v1/users;x=y",
        "/api;/v1/users",
        "/api/v1/%75sers",
        "/./api/v1/users",
        "/assets/../api/v1/users",
        "/assets/..;/api/v1/users",
        "/assets/%2e%2e/api/v1/users",
        "/assets/%2e%2e%2fapi/v1/users",
        "/sign-in/../api/v1/users",
        "/sign-in;/../api/v1/users",
        "/api/v1/oauth2/../users",
        "/api/v1/oauth2/%2e%2e/users",
        "/users?/assets/",
        "/users/",
        "/users;/assets/"
      })
  void no_spelling_of_a_closed_route_opens_it(String path) throws Exception {
    assertThat(raw(path))
        .matches("(?s)HTTP/1\\.1 (302|400|401|404) .*")
        .doesNotContain("\"username\"", "owner");
  }
}
