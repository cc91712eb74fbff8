package org.attune.server.account;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a key or session by others than the one who holds it.
 *
 * @param expiresAt null for never
 * @param lastUsedAt null for not yet; at most {@link #PRECISION} behind
 */
public record Credential(long insertedAt, @Nullable Long expiresAt, @Nullable Long lastUsedAt) {

  /** How exactly the last use is known: noting each would be a write for every request. */
  public static final Duration PRECISION = Duration.ofMinutes(10);

  /** A browser that sends nothing for so long has to sign in again. */
  public static final Duration LONGEST_IDLE = Duration.ofHours(24);

  public boolean isExpired(long now) {
    return expiresAt != null && expiresAt <= now;
  }

  /** Whether nothing was sent with it for longer than {@link #LONGEST_IDLE}. */
  public boolean isIdle(long now) {
    return isOlder(LONGEST_IDLE, now);
  }

  /** Whether it is time to note that it is in use. */
  public boolean isUnnoted(long now) {
    return lastUsedAt == null || isOlder(PRECISION, now);
  }

  private boolean isOlder(Duration age, long now) {
    long last = lastUsedAt == null ? insertedAt : lastUsedAt;
    return last + TimeUnit.SECONDS.toMicros(age.toSeconds()) < now;
  }

  public String made() {
    return text(insertedAt);
  }

  /** When it expires, or null. */
  public @Nullable String expires() {
    return expiresAt == null ? null : text(expiresAt);
  }

  /** When it was last used, or null. */
  public @Nullable String lastUsed() {
    return lastUsedAt == null ? null : text(lastUsedAt);
  }

  private static String text(long moment) {
    return Moments.text(moment).substring(0, "2025-01-31T08:00".length()).replace('T', ' ');
  }
}
