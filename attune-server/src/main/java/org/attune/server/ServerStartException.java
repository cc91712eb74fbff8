package org.attune.server;

/** The server cannot be started as it was asked to; the message says what to change. */
public final class ServerStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
