package org.attune.server.storage;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a change, and from where. Whoever serves a request says so for its thread, and each
 * transaction that the thread begins remembers it.
 *
 * @param userId null if nobody is known
 * @param username null if nobody is known
 * @param address where the request came from, or null for the server itself
 */
public record Origin(@Nullable String userId, @Nullable String username, @Nullable String address) {

  /** The server itself. */
  public static final Origin SERVER = new Origin(null, null, null);

  private static final ThreadLocal<Origin> CURRENT = ThreadLocal.withInitial(() -> SERVER);

  static Origin current() {
    return CURRENT.get();
  }

  /** Says on whose behalf the present thread works from now on. */
  public static void begin(Origin origin) {
    CURRENT.set(origin);
  }

  /** Says that the present thread works for nobody any more. */
  public static void end() {
    CURRENT.remove();
  }
}
