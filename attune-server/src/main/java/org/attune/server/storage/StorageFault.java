package org.attune.server.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Why nothing can be stored or read, though the request is right. */
public enum StorageFault {
  /** The database does not answer, or is used by somebody else. */
  UNREACHABLE(
      503,
      5,
      "The database cannot be reached. The server goes on as soon as it is back; send the request"
          + " again in a few seconds."),
  /** No space is left. */
  FULL(
      507,
      60,
      "No space is left where the data is. Nothing was changed. The server goes on as soon as there"
          + " is room."),
  /** The disk refuses to write. */
  UNWRITABLE(
      503,
      60,
      "The data cannot be written. Nothing was changed. Look after the disk of the data folder: is"
          + " it in order, and may it be written to?"),
  /** What is stored cannot be read any more. */
  DAMAGED(
      500,
      0,
      "The database is damaged. Stop the server, copy the data folder, and restore the last"
          + " backup.");

  private static final SQLExceptionTranslator TRANSLATOR = new SQLExceptionSubclassTranslator();

  private final int status;
  private final int retryAfterSeconds;
  private final String advice;

  StorageFault(int status, int retryAfterSeconds, String advice) {
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.advice = advice;
  }

  /** The HTTP status that tells of it. */
  public int status() {
    return status;
  }

  /** After how many seconds it is worth trying again; 0 if it is not. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The failure as a request is told of it; what it came from is for the log. */
  public StorageException because(Throwable cause) {
    return new StorageException(this, advice, cause);
  }

  /** What a failure of the disk, beside the database, comes from. */
  public static StorageException of(IOException e) {
    String message = String.valueOf(e.getMessage());
    return (message.contains("No space left") || message.contains("quota") ? FULL : UNWRITABLE)
        .because(e);
  }

  /** A failure of the database as a fault, if it is one, and else as Spring tells of it. */
  static RuntimeException translated(SQLException e) {
    StorageFault fault = cause(e);
    if (fault != null) {
      return fault.because(e);
    }
    DataAccessException known = TRANSLATOR.translate("transaction", null, e);
    return known != null ? known : UNREACHABLE.because(e);
  }

  /** A failure as a fault of the database that it comes from, if it is one. */
  static RuntimeException translated(RuntimeException e) {
    StorageFault fault = e instanceof StorageException ? null : cause(e);
    return fault == null ? e : fault.because(e);
  }

  private static @Nullable StorageFault cause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      StorageFault fault = cause instanceof SQLException e ? of(e) : null;
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private static @Nullable StorageFault of(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      return of(sqlite.getResultCode());
    }
    if (e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException) {
      return UNREACHABLE;
    }
    String state = String.valueOf(e.getSQLState());
    if (state.equals("53100")) {
      return FULL;
    }
    if (state.equals("25006")) {
      return UNWRITABLE;
    }
    if (state.startsWith("XX001") || state.startsWith("XX002")) {
      return DAMAGED;
    }
    // a connection that broke, too many of them, or an end of the database that somebody asked for
    return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P")
        ? UNREACHABLE
        : null;
  }

  /** SQLite puts the kind of a failure in the lowest byte of its code. */
  private static @Nullable StorageFault of(SQLiteErrorCode code) {
    int kind = code.code & 0xff;
    if (kind == SQLiteErrorCode.SQLITE_FULL.code) {
      return FULL;
    }
    if (kind == SQLiteErrorCode.SQLITE_CORRUPT.code || kind == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return DAMAGED;
    }
    if (kind == SQLiteErrorCode.SQLITE_BUSY.code) {
      return UNREACHABLE;
    }
    return kind == SQLiteErrorCode.SQLITE_IOERR.code
            || kind == SQLiteErrorCode.SQLITE_READONLY.code
            || kind == SQLiteErrorCode.SQLITE_CANTOPEN.code
        ? UNWRITABLE
        : null;
  }
}
