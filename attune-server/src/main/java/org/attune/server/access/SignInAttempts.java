package org.attune.server.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Slows down guessing of passwords: after some failures, for one name or from one address, each
 * further one doubles the time until the next is looked at. A right password forgets its name.
 */
final class SignInAttempts {

  static final int FREE_PER_NAME = 5;
  static final int FREE_PER_ADDRESS = 20;
  static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
  private static final Duration MEMORY = Duration.ofMinutes(15);
  private static final int MOST_KEYS = 10_000;

  private final Clock clock;
  private final Map<String, Failures> failures = new ConcurrentHashMap<>();

  SignInAttempts(Clock clock) {
    this.clock = clock;
  }

  private record Failures(int count, Instant last, Instant until) {}

  /** How long somebody has to wait before an attempt is looked at; zero for not at all. */
  Duration delay(String name, String address) {
    Instant now = clock.instant();
    return List.of(nameKey(name), addressKey(address)).stream()
        .map(failures::get)
        .filter(known -> known != null && known.until().isAfter(now))
        .map(known -> Duration.between(now, known.until()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  void failed(String name, String address) {
    forgetOldOnes();
    count(nameKey(name), FREE_PER_NAME);
    count(addressKey(address), FREE_PER_ADDRESS);
  }

  void succeeded(String name) {
    failures.remove(nameKey(name));
  }

  private void count(String key, int free) {
    Instant now = clock.instant();
    failures.compute(
        key,
        (same, before) -> {
          int count = before == null || isOld(before, now) ? 1 : before.count() + 1;
          return new Failures(count, now, now.plus(delay(count - free)));
        });
  }

  private static Duration delay(int excess) {
    if (excess <= 0) {
      return Duration.ZERO;
    }
    Duration doubled = Duration.ofSeconds(1L << Math.min(excess - 1, Short.SIZE));
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }

  private void forgetOldOnes() {
    if (failures.size() > MOST_KEYS) {
      Instant now = clock.instant();
      failures.values().removeIf(known -> isOld(known, now));
    }
  }

  private static boolean isOld(Failures known, Instant now) {
    return known.last().plus(MEMORY).isBefore(now);
  }

  private static String nameKey(String name) {
    return "name " + name;
  }

  private static String addressKey(String address) {
    return "address " + address;
  }
}
