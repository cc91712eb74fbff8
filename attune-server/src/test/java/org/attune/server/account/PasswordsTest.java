package org.attune.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.attune.data.InvalidInputException;
import org.attune.server.TestServer;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordsTest {

  private static final int BYTES_THAT_BCRYPT_READS = 72;

  @Test
  void have_8_to_100_characters_of_any_kind(@TempDir Path folder) {
    try (TestServer server = TestServer.over(folder)) {
      assertThat(create(server, "short", "1234567")).isEqualTo(422);
      assertThat(create(server, "long", "x".repeat(101))).isEqualTo(422);
      assertThat(create(server, "shortest", "ñ 🙂 日本..")).isEqualTo(201);
      assertThat(create(server, "longest", " ".repeat(99) + "x")).isEqualTo(201);
    }
  }

  private static int create(TestServer server, String name, String password) {
    return server
        .owner()
        .post("/api/v1/users", Map.of("username", name, "first_name", name, "password", password))
        .status();
  }

  @Test
  void are_stored_as_salted_slow_hashes_of_all_their_characters() {
    String beginning = "x".repeat(BYTES_THAT_BCRYPT_READS);
    String hash = Passwords.hash(beginning + "a");

    assertThat(hash).startsWith("$2a$11$").isNotEqualTo(Passwords.hash(beginning + "a"));
    assertThat(Passwords.matches(beginning + "a", hash)).isTrue();
    assertThat(Passwords.matches(beginning + "b", hash)).isFalse();
  }

  @Test
  void the_first_owner_has_a_password_of_their_own(@TempDir Path one, @TempDir Path other) {
    FirstStart.Outcome first = firstStart(one);
    FirstStart.Outcome second = firstStart(other);

    assertThat(first.password()).hasSize(43).isNotEqualTo(second.password());
    assertThat(first.apiKey()).hasSize(43).isNotEqualTo(second.apiKey());
    assertThatThrownBy(() -> new FirstStart.Owner("owner", "1234", null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("ATTUNE_OWNER_PASSWORD")
        .hasMessageNotContaining("1234");
  }

  private static FirstStart.Outcome firstStart(Path folder) {
    try (Database database = Databases.embedded(folder, Clock.systemUTC())) {
      return FirstStart.prepare(database, new FirstStart.Owner(null, null, null)).orElseThrow();
    }
  }
}
