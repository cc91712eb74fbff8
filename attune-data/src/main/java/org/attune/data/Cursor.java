package org.attune.data;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, one after the other, each as the text of a JSON object.
 *
 * <p>DuckDB computes them as they are asked for, so a result larger than memory is no matter. A
 * cursor closes itself behind its last row; one that was abandoned is closed by the garbage
 * collector.
 */
final class Cursor implements AutoCloseable {
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonRows.FACTORY
                  .rebuild()
                  .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Parquet files may hold them, and DuckDB writes them so.
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build()
          .readerForMapOf(Object.class);

  private final Dataset dataset;
  private final ResultSet results;
  private final Cleaner.Cleanable connection;
  private @Nullable String current;
  private long number;

  @SuppressWarnings("resource") // the connection closes its statements, and close() the connection
  Cursor(Dataset dataset, String sql) {
    this.dataset = dataset;
    try {
      Connection opened = Engine.connect();
      connection = Engine.CLEANER.register(this, () -> close(opened));
      results = opened.createStatement().executeQuery(sql);
    } catch (SQLException e) {
      throw dataset.translate(e);
    }
  }

  /** Moves to the next row; false behind the last one. */
  boolean next() {
    try {
      if (results.isClosed()) {
        return false;
      }
      if (results.next()) {
        current = results.getString(1);
        number++;
        return true;
      }
      close();
      return false;
    } catch (SQLException e) {
      close();
      throw dataset.translate(e);
    }
  }

  /** The current row as the text of a JSON object. */
  String json() {
    if (current == null) {
      throw new IllegalStateException("not at a row");
    }
    return current;
  }

  /** The current row as JSON that every parser reads, which has no NaN and no infinity. */
  String strictJson() throws IOException {
    String json = json();
    if (json.contains("NaN") || json.contains("Infinity")) {
      try (JsonParser parser = JsonRows.FACTORY.createParser(json)) {
        while (parser.nextToken() != null) {
          // Only the parser can tell the number from the word in a text.
        }
      } catch (JsonParseException e) {
        throw DatasetFormatException.of(
            "Row "
                + number
                + " holds NaN or an infinity, which JSON cannot express. Write Parquet, or put null in its"
                + " place with a map.",
            e);
      }
    }
    return json;
  }

  Row row() {
    try (JsonParser parser = READER.createParser(json())) {
      Map<String, @Nullable Object> values = READER.readValue(parser);
      return new Row(number, values);
    } catch (IOException e) {
      throw DatasetFormatException.of("Row " + number + " could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    current = null;
    connection.clean();
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written through it, so nothing is lost.
    }
  }
}
