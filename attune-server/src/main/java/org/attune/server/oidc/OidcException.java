package org.attune.server.oidc;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Why nobody was signed in; the message is for the log, the reason for the person. */
final class OidcException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  enum Reason {
    /** The provider gives no answer, or none that can be trusted. */
    PROVIDER(HttpStatus.BAD_GATEWAY),
    /** The provider did not let the person through, or the person turned back. */
    REFUSED(HttpStatus.FORBIDDEN),
    /** The answer belongs to no sign-in that this browser began a short while ago. */
    EXPIRED(HttpStatus.BAD_REQUEST),
    /** The provider knows the person, and the rules of this server leave the person out. */
    NOT_ADMITTED(HttpStatus.FORBIDDEN);

    private final HttpStatus status;

    Reason(HttpStatus status) {
      this.status = status;
    }

    HttpStatus status() {
      return status;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  OidcException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  OidcException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
