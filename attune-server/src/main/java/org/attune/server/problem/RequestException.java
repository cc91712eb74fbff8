package org.attune.server.problem;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that cannot be served as it is; the message is meant for whoever sent it. */
public final class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why, with the HTTP status that tells it and words for people. */
  public enum Reason {
    UNAUTHENTICATED(401, "Nobody is known by these credentials"),
    FORBIDDEN(403, "This user may not do that"),
    NOT_FOUND(404, "There is no such thing"),
    CONFLICT(409, "Something else is in the way"),
    UNPROCESSABLE(422, "A rule forbids it"),
    TOO_MANY(429, "Too many requests");

    private final int status;
    private final String title;

    Reason(int status, String title) {
      this.status = status;
      this.title = title;
    }

    public int status() {
      return status;
    }

    public String title() {
      return title;
    }

    /** The reason in the address of its page: {@code not-found}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What does not exist, or exists already: {@code User} and its id or name. */
  public record Subject(String kind, String name) {}

  private final Reason reason;
  private long retryAfter;
  private final transient @Nullable Subject subject;

  private RequestException(Reason reason, String message) {
    this(reason, message, null);
  }

  private RequestException(Reason reason, String message, @Nullable Subject subject) {
    super(message);
    this.reason = reason;
    this.subject = subject;
  }

  public @Nullable Subject subject() {
    return subject;
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
    return new RequestException(
        Reason.NOT_FOUND, kind + " with id `" + id + "` not found", new Subject(kind, id));
  }

  /** Something of that name exists already; the message says how. */
  public static RequestException exists(String kind, String name, String message) {
    return new RequestException(Reason.CONFLICT, message, new Subject(kind, name));
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
