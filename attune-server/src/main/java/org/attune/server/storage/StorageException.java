package org.attune.server.storage;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/** The database cannot be used; the message says what to do. */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final SQLExceptionTranslator TRANSLATOR = new SQLExceptionSubclassTranslator();

  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What Spring makes of a failure of the database, as for single statements. */
  static RuntimeException translated(SQLException e) {
    DataAccessException known = TRANSLATOR.translate("transaction", null, e);
    return known != null
        ? known
        : new StorageException("The database failed: " + e.getMessage(), e);
  }
}
