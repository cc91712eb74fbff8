package org.attune.server.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many requests somebody may send: a minute's worth at once, which comes back evenly over a
 * minute (a token bucket).
 */
final class RequestLimit {

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int MOST_KEYS = 10_000;

  private final Clock clock;
  private final int perMinute;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /**
   * A limit.
   *
   * @param perMinute how many requests; 0 for no limit
   */
  RequestLimit(int perMinute, Clock clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /** What was left at a time, and how long the request of that time has to wait. */
  private record Bucket(double left, Instant at, Duration delay) {}

  /** Counts a request, and says how long to wait before it is served; zero for not at all. */
  Duration take(String key) {
    if (perMinute == 0) {
      return Duration.ZERO;
    }
    Instant now = clock.instant();
    forgetFullOnes(now);
    return buckets.compute(key, (same, before) -> taken(before, now)).delay();
  }

  private Bucket taken(@Nullable Bucket before, Instant now) {
    double left = before == null ? perMinute : left(before, now);
    return left >= 1
        ? new Bucket(left - 1, now, Duration.ZERO)
        : new Bucket(
            left, now, Duration.ofMillis((long) ((1 - left) * PERIOD.toMillis() / perMinute) + 1));
  }

  private double left(Bucket bucket, Instant now) {
    double returned =
        Duration.between(bucket.at(), now).toMillis() * (double) perMinute / PERIOD.toMillis();
    return Math.min(perMinute, bucket.left() + returned);
  }

  private void forgetFullOnes(Instant now) {
    if (buckets.size() > MOST_KEYS) {
      buckets.values().removeIf(bucket -> left(bucket, now) >= perMinute);
    }
  }
}
