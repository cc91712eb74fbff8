package org.attune.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java values as a line of JSON. */
final class RowEncoder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /**
   * Adds a row to a spool.
   *
   * @param what names the row in errors, for example {@code row 3}
   */
  void add(Spool spool, Map<String, ?> row, String what) {
    bytes.reset();
    try (JsonGenerator json = JsonRows.FACTORY.createGenerator(bytes)) {
      json.disable(StreamWriteFeature.AUTO_CLOSE_TARGET.mappedFeature());
      writeObject(json, row, what);
    } catch (IOException e) {
      throw DatasetFormatException.of(what + " cannot be kept: " + e.getMessage(), e);
    }
    try {
      byte[] line = bytes.toByteArray();
      spool.add(line, line.length);
    } catch (IOException e) {
      throw DatasetFormatException.of(what + " cannot be kept: " + JsonProblem.what(e) + ".", e);
    }
  }

  private static void writeObject(JsonGenerator json, Map<?, ?> object, String what)
      throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw DatasetFormatException.of(
            what + " has the key " + entry.getKey() + ". The keys of rows and objects are texts.");
      }
      json.writeFieldName(key);
      writeValue(json, entry.getValue(), what + ", \"" + key + "\"");
    }
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, @Nullable Object value, String what)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof BigInteger integer) {
      json.writeNumber(integer);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (int i = 0; i < list.size(); i++) {
        writeValue(json, list.get(i), what + "[" + i + "]");
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> object) {
      writeObject(json, object, what);
    } else {
      throw DatasetFormatException.of(
          what
              + " is "
              + value
              + " ("
              + value.getClass().getSimpleName()
              + "). Rows hold String, Long, Integer, finite Double, Boolean, List, Map and null;"
              + " convert the value first.");
    }
  }
}
