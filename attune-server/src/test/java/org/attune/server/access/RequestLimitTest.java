package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.SettableClock;
import org.attune.server.TestServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequestLimitTest {

  private final SettableClock clock = new SettableClock(Instant.EPOCH);
  private final RequestLimit limit = new RequestLimit(60, clock);

  private void take(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(limit.take("ada")).isZero();
    }
  }

  @Test
  void a_minutes_worth_may_come_at_once() {
    take(60);

    assertThat(limit.take("ada")).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1001));
  }

  @Test
  void it_comes_back_evenly() {
    take(60);
    clock.pass(Duration.ofSeconds(2));

    take(2);
    assertThat(limit.take("ada")).isPositive();
  }

  @Test
  void asking_in_vain_costs_nothing() {
    take(60);
    for (int i = 0; i < 100; i++) {
      assertThat(limit.take("ada")).isPositive();
    }
    clock.pass(Duration.ofMillis(1001));

    take(1);
  }

  @Test
  void nobody_pays_for_somebody_else() {
    take(60);

    assertThat(limit.take("grace")).isZero();
  }

  @Test
  void none_is_set_by_zero() {
    RequestLimit none = new RequestLimit(0, clock);
    for (int i = 0; i < 100_000; i++) {
      assertThat(none.take("ada")).isZero();
    }
  }

  @Nested
  class A_server {

    @Test
    void tells_whoever_asks_too_often_when_to_ask_again(@TempDir Path folder) {
      try (TestServer server =
          TestServer.with(folder, Map.of("attune.requests-per-minute", "20"))) {
        Caller annotator = server.person("annotator", null).caller();
        for (int i = 0; i < 20; i++) {
          assertThat(annotator.get("/api/v1/me").status()).isEqualTo(200);
        }
        Caller.Answer refused = annotator.get("/api/v1/me");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response().headers().firstValue("Retry-After")).hasValue("3");
        assertThat(refused.text("detail")).isEqualTo("Too many requests. Try again in 3 seconds.");
        assertThat(server.owner().get("/api/v1/me").status())
            .as("others are counted by themselves")
            .isEqualTo(200);
      }
    }

    @Test
    void looks_at_so_many_wrong_keys_only(@TempDir Path folder) {
      try (TestServer server = TestServer.over(folder)) {
        Caller guesser = server.caller("guess");
        int status = 0;
        for (int i = 0; i < 3_000 && status != 429; i++) {
          status = guesser.get("/api/v1/me").status();
        }

        assertThat(status).isEqualTo(429);
        assertThat(server.owner().get("/api/v1/me").status()).isEqualTo(200);
      }
    }
  }
}
