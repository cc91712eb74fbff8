package org.attune.model.export;

/** An exported model does not say what its source says. */
public final class UnfaithfulExportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnfaithfulExportException(String message) {
    super(message);
  }
}
