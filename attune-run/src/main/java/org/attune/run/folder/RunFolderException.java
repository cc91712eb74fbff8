package org.attune.run.folder;

/** A run's folder cannot be used as asked; the message says why and what to do. */
public final class RunFolderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RunFolderException(String message) {
    super(message);
  }

  public RunFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
