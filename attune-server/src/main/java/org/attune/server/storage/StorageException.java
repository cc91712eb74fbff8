package org.attune.server.storage;

import org.jspecify.annotations.Nullable;

/** The database, or what is kept beside it, cannot be used; the message says what to do. */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final StorageFault fault;

  public StorageException(String message, @Nullable Throwable cause) {
    this(StorageFault.UNWRITABLE, message, cause);
  }

  public StorageException(StorageFault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public StorageFault fault() {
    return fault;
  }
}
