package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.attune.server.SettableClock;
import org.junit.jupiter.api.Test;

final class SignInAttemptsTest {

  private final SettableClock clock = new SettableClock(Instant.EPOCH);
  private final SignInAttempts attempts = new SignInAttempts(clock);

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      attempts.failed("ada", "10.0.0.1");
    }
  }

  @Test
  void a_few_typing_errors_cost_nothing() {
    fail(SignInAttempts.FREE_PER_NAME);

    assertThat(attempts.delay("ada", "10.0.0.1")).isZero();
  }

  @Test
  void each_further_failure_doubles_the_delay_up_to_the_longest() {
    fail(SignInAttempts.FREE_PER_NAME + 1);
    assertThat(attempts.delay("ada", "10.0.0.2")).isEqualTo(Duration.ofSeconds(1));
    fail(1);
    assertThat(attempts.delay("ada", "10.0.0.2")).isEqualTo(Duration.ofSeconds(2));
    fail(100);
    assertThat(attempts.delay("ada", "10.0.0.2")).isEqualTo(SignInAttempts.LONGEST_DELAY);
  }

  @Test
  void the_delay_passes() {
    fail(SignInAttempts.FREE_PER_NAME + 1);
    clock.pass(Duration.ofSeconds(1));

    assertThat(attempts.delay("ada", "10.0.0.1")).isZero();
  }

  @Test
  void trying_many_names_from_one_address_is_slowed_down_too() {
    for (int i = 0; i <= SignInAttempts.FREE_PER_ADDRESS; i++) {
      attempts.failed("name " + i, "10.0.0.1");
    }

    assertThat(attempts.delay("grace", "10.0.0.1")).isPositive();
    assertThat(attempts.delay("grace", "10.0.0.2")).isZero();
  }

  @Test
  void a_right_password_forgets_the_failures_of_its_name() {
    fail(SignInAttempts.FREE_PER_NAME + 1);
    attempts.succeeded("ada");

    assertThat(attempts.delay("ada", "10.0.0.1")).isZero();
  }

  @Test
  void failures_are_forgotten_after_some_quiet() {
    fail(SignInAttempts.FREE_PER_NAME + 1);
    clock.pass(Duration.ofMinutes(16));
    fail(1);

    assertThat(attempts.delay("ada", "10.0.0.1")).isZero();
  }
}
