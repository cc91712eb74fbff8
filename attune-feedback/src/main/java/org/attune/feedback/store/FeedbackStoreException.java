package org.attune.feedback.store;

import org.jspecify.annotations.Nullable;

/** A store that cannot be opened, read or written; what was acknowledged before is still there. */
public final class FeedbackStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public FeedbackStoreException(String message) {
    super(message);
  }

  public FeedbackStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
