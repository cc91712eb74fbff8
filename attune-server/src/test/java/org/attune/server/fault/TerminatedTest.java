package org.attune.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attune.server.ServerProcess;
import org.attune.server.TestServer;
import org.attune.server.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill} without {@code -9}: the server puts everything in order first. */
class TerminatedTest {

  /** 128 and the number of the signal, as for every program. */
  private static final int TERMINATED = 143;

  @Test
  void a_server_that_is_asked_to_end_finishes_the_requests_that_it_has(@TempDir Path folder)
      throws Exception {
    String dataset;
    try (TestServer server = TestServer.over(folder)) {
      dataset = server.dataset(server.workspace());
    }
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      items.add(Map.of("fields", Map.of("text", "a text ".repeat(500))));
    }
    String path = "/api/v1/datasets/" + dataset + "/records";
    try (ServerProcess server = ServerProcess.over(folder)) {
      byte[] body = Json.write(Map.of("items", items)).getBytes(StandardCharsets.UTF_8);
      HttpURLConnection request =
          (HttpURLConnection)
              URI.create(server.address() + path + "/bulk").toURL().openConnection();
      request.setRequestMethod("POST");
      request.setRequestProperty("X-Argilla-Api-Key", TestServer.OWNER_KEY);
      request.setRequestProperty("Content-Type", "application/json");
      request.setDoOutput(true);
      request.setFixedLengthStreamingMode(body.length);
      try (OutputStream out = request.getOutputStream()) {
        out.write(body, 0, body.length / 2);
        out.flush();
        TimeUnit.SECONDS.sleep(1); // until the server has begun to read it
        server.terminate();
        out.write(body, body.length / 2, body.length - body.length / 2);
      }

      assertThat(request.getResponseCode()).isEqualTo(201);
      assertThat(server.exitStatus()).isEqualTo(TERMINATED);
    }
    try (TestServer server = TestServer.over(folder)) {
      assertThat(server.owner().get(path + "?limit=1").json()).containsEntry("total", 500);
    }
  }
}
