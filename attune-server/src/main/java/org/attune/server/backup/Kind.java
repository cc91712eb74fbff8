package org.attune.server.backup;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a column holds, whatever a database calls it, and how a value of it stands in a backup. */
enum Kind {
  TEXT(Types.VARCHAR),
  INTEGER(Types.BIGINT),
  NUMBER(Types.DOUBLE),
  BOOLEAN(Types.BOOLEAN),
  /** In Base64. */
  BYTES(Types.BINARY);

  private final int sqlType;

  Kind(int sqlType) {
    this.sqlType = sqlType;
  }

  /** The kind that a database has this name for. */
  static Optional<Kind> of(String typeName) {
    return Optional.ofNullable(
        switch (typeName.toLowerCase(Locale.ROOT).replaceFirst("\\(.*", "")) {
          case "text", "varchar" -> TEXT;
          case "integer", "bigint", "int4", "int8", "bigserial" -> INTEGER;
          case "double precision", "double", "float8" -> NUMBER;
          case "boolean", "bool" -> BOOLEAN;
          case "blob", "bytea" -> BYTES;
          default -> null;
        });
  }

  /** Writes the value that a row has in a column. */
  void write(ResultSet row, int column, JsonGenerator json) throws SQLException {
    if (row.getObject(column) == null) {
      json.writeNull();
      return;
    }
    switch (this) {
      case TEXT -> json.writeString(row.getString(column));
      case INTEGER -> json.writeNumber(row.getLong(column));
      case NUMBER -> json.writeNumber(row.getDouble(column));
      case BOOLEAN -> json.writeBoolean(row.getBoolean(column));
      case BYTES -> json.writeBinary(row.getBytes(column));
    }
  }

  /** Gives the value that the parser stands on to a statement. */
  void read(JsonParser json, PreparedStatement statement, int parameter) throws SQLException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      statement.setNull(parameter, sqlType);
      return;
    }
    switch (this) {
      case TEXT -> statement.setString(parameter, json.getString());
      case INTEGER -> statement.setLong(parameter, json.getLongValue());
      case NUMBER -> statement.setDouble(parameter, number(json));
      case BOOLEAN -> statement.setBoolean(parameter, json.getBooleanValue());
      case BYTES -> statement.setBytes(parameter, json.getBinaryValue());
    }
  }

  /** JSON has no infinities, so these are texts. */
  private static double number(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_STRING
        ? Double.parseDouble(json.getString())
        : json.getDoubleValue();
  }
}
