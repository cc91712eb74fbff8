package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server always has an owner, by whichever route one is taken away. */
final class LastOwnerTest {

  private TestServer server;
  private Caller owner;
  private String id;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = TestServer.over(folder);
    owner = server.owner();
    id = owner.get("/api/v1/me").text("id");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nobody_deletes_themselves() {
    server.person("owner", null);

    assertThat(owner.delete("/api/users/" + id).status()).isEqualTo(422);
    assertThat(owner.delete("/api/v1/users/" + id).status()).isEqualTo(422);
    assertThat(owner.get("/api/v1/me").status()).isEqualTo(200);
  }

  @Test
  void the_only_owner_stays_one() {
    Caller.Answer demoted = owner.patch("/api/v1/users/" + id, Map.of("role", "admin"));

    assertThat(demoted.status()).isEqualTo(422);
    assertThat(demoted.body()).contains("`owner` is the only owner", "Make another one first");
    assertThat(owner.get("/api/v1/me").text("role")).isEqualTo("owner");
  }

  @Test
  void one_of_two_owners_may_become_something_else() {
    server.person("owner", null);

    assertThat(owner.patch("/api/v1/users/" + id, Map.of("role", "admin")).status()).isEqualTo(200);
  }
}
