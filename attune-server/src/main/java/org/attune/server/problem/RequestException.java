package org.attune.server.problem;

import java.time.Duration;

/** A request that cannot be served as it is; the message is meant for whoever sent it. */
public final class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why, with the HTTP status that tells it. */
  public enum Reason {
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    CONFLICT(409),
    UNPROCESSABLE(422),
    TOO_MANY(429);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Reason reason;
  private long retryAfter;

  private RequestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** In how many seconds to try again, for the header {@code Retry-After}; 0 for no such time. */
  public long retryAfter() {
    return retryAfter;
  }

  public static RequestException unauthenticated() {
    return new RequestException(Reason.UNAUTHENTICATED, "Could not validate credentials");
  }

  public static RequestException forbidden() {
    return new RequestException(Reason.FORBIDDEN, "Operation not allowed");
  }

  /** Something that a path or a body names does not exist. */
  public static RequestException notFound(String kind, String id) {
    return new RequestException(Reason.NOT_FOUND, kind + " with id `" + id + "` not found");
  }

  public static RequestException conflict(String message) {
    return new RequestException(Reason.CONFLICT, message);
  }

  /** The request is well formed and breaks a rule. */
  public static RequestException unprocessable(String message) {
    return new RequestException(Reason.UNPROCESSABLE, message);
  }

  /** Somebody asks too often, and may ask again after a while. */
  public static RequestException tooMany(String message, Duration wait) {
    RequestException exception =
        new RequestException(
            Reason.TOO_MANY, message + ". Try again in " + seconds(wait) + " seconds.");
    exception.retryAfter = seconds(wait);
    return exception;
  }

  private static long seconds(Duration wait) {
    return wait.plusMillis(999).toSeconds();
  }
}
