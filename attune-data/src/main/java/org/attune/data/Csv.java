package org.attune.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Comma-separated values as RFC 4180 has them; a cell without quotes and content is null. */
final class Csv {
  private static final ObjectWriter JSON = JsonMapper.builder().build().writer();

  private Csv() {}

  static List<@Nullable String> cells(Row row) throws JsonProcessingException {
    List<@Nullable String> cells = new ArrayList<>();
    for (Object value : row.values().values()) {
      if (value == null) {
        cells.add(null);
      } else if (value instanceof List || value instanceof Map) {
        cells.add(JSON.writeValueAsString(value));
      } else {
        cells.add(value.toString());
      }
    }
    return cells;
  }

  static void writeRecord(Writer out, List<@Nullable String> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      String cell = cells.get(i);
      if (cell == null) {
        continue;
      }
      if (mustBeQuoted(cell)) {
        out.write('"');
        out.write(cell.replace("\"", "\"\""));
        out.write('"');
      } else {
        out.write(cell);
      }
    }
    out.write('\n');
  }

  private static boolean mustBeQuoted(String cell) {
    return cell.isEmpty()
        || cell.charAt(0) == '\uFEFF'
        || cell.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
  }
}
