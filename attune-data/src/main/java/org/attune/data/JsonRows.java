package org.attune.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of a file of JSON lines once each of its lines was looked at. */
final class JsonRows {
  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  // DuckDB's own default; each of its threads keeps two of these.
  private static final long SMALLEST_BUFFER = 16L << 20;

  private final ObservedType type;
  private final Map<String, String> columns;
  private long longest;

  JsonRows() {
    this.type = new ObservedType(0);
    this.columns = Map.of();
  }

  private JsonRows(JsonRows rows, Map<String, String> columns) {
    this.type = rows.type;
    this.columns = columns;
    this.longest = rows.longest;
  }

  /** The same lines, read as these columns whatever was observed. */
  JsonRows as(List<Column> known) {
    return new JsonRows(
        this,
        known.stream()
            .collect(
                Collectors.toMap(Column::name, Column::type, (a, b) -> a, LinkedHashMap::new)));
  }

  /** Widens the types by one line. */
  void observe(byte[] line, int length) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidValueException(parser, "the row is not an object");
      }
      type.observe(parser);
      if (parser.nextToken() != null) {
        throw new InvalidValueException(parser, "something follows the object");
      }
    }
    measure(length);
  }

  /** Takes notice of one line whose types are known. */
  void measure(int length) {
    longest = Math.max(longest, length);
  }

  /** The rows of the file whose lines were observed. */
  Dataset dataset(Path file, Source source) {
    Map<String, String> known = columns.isEmpty() ? type.sqlOfFields() : columns;
    if (known.isEmpty()) {
      return Dataset.empty();
    }
    String types =
        known.entrySet().stream()
            .map(column -> Sql.text(column.getKey()) + ": " + Sql.text(column.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    String sql =
        "SELECT * FROM read_json("
            + Sql.file(file)
            + ", format = 'newline_delimited', auto_detect = false, columns = "
            + types
            + ", maximum_object_size = "
            + Math.max(SMALLEST_BUFFER, longest + 1024)
            + ")";
    return new Dataset(sql, Set.of(source));
  }
}
