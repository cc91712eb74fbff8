package org.attune.server.backup;

import org.jspecify.annotations.Nullable;

/** A backup that is damaged, foreign, or of a newer Attune. */
public final class BackupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BackupException(String message) {
    this(message, null);
  }

  public BackupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
