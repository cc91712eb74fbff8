package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.ServerProcess;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} after a change was acknowledged and before its event was delivered. */
class KilledWithEventsTest {

  private Path folder;
  private Receiver receiver;

  @BeforeEach
  void a_webhook(@TempDir Path folder) throws Exception {
    this.folder = folder;
    receiver = new Receiver();
    try (TestServer server = TestServer.over(folder)) {
      server
          .owner()
          .post(
              "/api/v1/webhooks",
              Map.of("url", receiver.url(), "events", List.of("dataset.created")));
      server.owner().post("/api/v1/workspaces", Map.of("name", "news"));
    }
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private static void create(ServerProcess server, String name) {
    Object workspace = server.owner().get("/api/v1/me/workspaces").items().get(0).get("id");
    assertThat(
            server
                .owner()
                .post(
                    "/api/v1/datasets",
                    Map.of("name", name, "workspace_id", String.valueOf(workspace)))
                .status())
        .isEqualTo(201);
  }

  @Test
  void an_event_that_was_not_sent_is_sent_after_the_next_start() throws Exception {
    int port = receiver.port();
    receiver.close();
    try (ServerProcess server = ServerProcess.over(folder)) {
      create(server, "unsent");
      server.kill();
    }
    receiver = new Receiver(port);
    try (ServerProcess server = ServerProcess.over(folder)) {
      assertThat(receiver.next().data()).containsEntry("name", "unsent");
    }
  }

  @Test
  void an_event_that_was_not_answered_comes_again_with_its_id() throws Exception {
    int port = receiver.port();
    receiver.fallSilent();
    Receiver.Message first;
    try (ServerProcess server = ServerProcess.over(folder)) {
      create(server, "unanswered");
      first = receiver.nextRefused();
      server.kill();
    }
    receiver.close();
    receiver = new Receiver(port);
    try (ServerProcess server = ServerProcess.over(folder)) {
      Receiver.Message again = receiver.next();
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.body()).isEqualTo(first.body());
    }
  }
}
