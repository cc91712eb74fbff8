package org.attune.data.hub;

import org.jspecify.annotations.Nullable;

/** A hub, or what it sent, that did not give what was asked for; the message says the way out. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** The network may not be used, and the cache does not have it. */
    OFFLINE,
    /** The hub cannot be reached, or ends connections. */
    UNREACHABLE,
    /** There is no such repository, revision or file, or the token may not see it. */
    NOT_FOUND,
    /** The repository's owner wants to be asked first. */
    GATED,
    /** The token is missing, wrong, or may not do this. */
    FORBIDDEN,
    /** The hub was asked too often. */
    TOO_MANY_REQUESTS,
    /** What arrived is not what the hub described. */
    DAMAGED,
    /** What the user, a file or the hub named would be unsafe or is ambiguous. */
    REFUSED
  }

  private final Reason reason;

  HubException(Reason reason, String message) {
    this(reason, message, null);
  }

  HubException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
