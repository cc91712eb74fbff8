package org.attune.server.storage;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Times as the database holds them: microseconds since 1970 in UTC. No two are equal and none is
 * earlier than one given before, even if the clock is set back, so that what was written later also
 * sorts later.
 */
public final class Moments {

  private static final DateTimeFormatter NAIVE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

  private static final long MICROS_OF_A_SECOND = 1_000_000;
  private static final int NANOS_OF_A_MICRO = 1_000;

  private final Clock clock;
  private final AtomicLong last = new AtomicLong();

  public Moments(Clock clock) {
    this.clock = clock;
  }

  /** Gives none up to this one any more, which an earlier server gave. */
  void goOnAfter(long moment) {
    last.accumulateAndGet(moment, Math::max);
  }

  /** What the clock shows, for what ends at an hour of the day; it may jump. */
  public long clock() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** The present. */
  public long next() {
    return reserve(1);
  }

  /** The first of {@code count} moments in a row, all for the caller. */
  public long reserve(int count) {
    long now = clock();
    return last.updateAndGet(before -> Math.max(before + 1, now) + count - 1) - count + 1;
  }

  /** As clients read it: {@code 2024-06-14T11:22:52.123456}, in UTC and without saying so. */
  public static String text(long moment) {
    return NAIVE.format(
        LocalDateTime.ofInstant(Instant.EPOCH.plus(moment, ChronoUnit.MICROS), ZoneOffset.UTC));
  }

  /** Reads a time as {@link #text} writes it, with fewer digits or a zone as well. */
  public static long parse(String text) {
    boolean zoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:?\\d\\d");
    Instant instant =
        zoned
            ? OffsetDateTime.parse(text).toInstant()
            : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    try {
      return micros(instant);
    } catch (ArithmeticException e) {
      throw new DateTimeException("The time " + text + " is too far away.", e);
    }
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_OF_A_SECOND),
        instant.getNano() / NANOS_OF_A_MICRO);
  }
}
