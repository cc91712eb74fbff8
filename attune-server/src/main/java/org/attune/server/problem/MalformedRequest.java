package org.attune.server.problem;

import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;

/** Whether a failure comes from a request whose parameters or parts cannot be told apart. */
public final class MalformedRequest {

  public static final String TEXT =
      "The request's parameters or parts cannot be read: a parameter without a name, or a body"
          + " that is not what its Content-Type says";

  private MalformedRequest() {}

  /** Whether this is the reason of a failure. */
  public static boolean causes(@Nullable Object failure) {
    Throwable cause = failure instanceof Throwable thrown ? thrown : null;
    while (cause != null) {
      if (cause instanceof InvalidParameterException
          || (cause instanceof MultipartException
              && !(cause instanceof MaxUploadSizeExceededException))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
