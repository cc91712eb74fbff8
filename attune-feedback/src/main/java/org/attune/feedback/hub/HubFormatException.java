package org.attune.feedback.hub;

import org.jspecify.annotations.Nullable;

/** A folder that cannot be read, or written, as a shared feedback dataset. */
public final class HubFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public HubFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
