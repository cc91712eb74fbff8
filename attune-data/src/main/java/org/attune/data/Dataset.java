package org.attune.data;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows in a fixed order under named columns, as many as the disk holds.
 *
 * <p>A dataset is a value: nothing changes it, each method makes another, and several threads may
 * use it. It holds no rows; it reads its files anew each time rows are asked for, by an embedded
 * DuckDB that the process's datasets share, and so needs no closing. Temporary files go when no
 * dataset needs them any more, at the latest with the process.
 *
 * <p>{@link #map}, {@link #flatMap} and {@link #filter} call their function once for each row, at
 * once, and keep the results in a temporary file; everything else is done when rows are asked for.
 *
 * <p>Types of text files follow from all their values: text stays text, whatever it looks like;
 * integers and other numbers in one column are numbers; a key missing from a row is null; values of
 * several types are kept as they are, in a column of type {@code JSON}.
 */
public final class Dataset {
  /** A dataset in two parts that have no row in common. */
  public record Split(Dataset train, Dataset test) {}

  private final String sql;
  private final Set<Source> sources;
  private final List<Column> columns;

  Dataset(String sql, Set<Source> sources) {
    this.sql = sql;
    this.sources = sources;
    this.columns = describe();
  }

  private Dataset() {
    this.sql = "SELECT NULL WHERE false";
    this.sources = Set.of();
    this.columns = List.of();
  }

  static Dataset empty() {
    return new Dataset();
  }

  /**
   * The rows of files, one file after the other, as by {@link #concat}.
   *
   * <p>The names end in {@code .csv}, {@code .tsv} (both with a header), {@code .json}, {@code
   * .jsonl}, {@code .ndjson}, {@code .parquet} or {@code .txt} (one column {@code text}, a row each
   * line), and each may be compressed, with {@code .gz} behind it. Each file is looked at once,
   * here; JSON lines and Parquet must stay in place as long as the dataset is used.
   *
   * @throws DatasetFormatException if a file is missing, empty, damaged, or not what its name says
   */
  public static Dataset read(Path... files) {
    if (files.length == 0) {
      throw new IllegalArgumentException("read needs a file.");
    }
    return Arrays.stream(files).map(Reader::read).reduce(Dataset::concat).orElseThrow();
  }

  /**
   * Rows of Java values: {@code String}, {@code Long}, {@code Integer}, {@code Double}, {@code
   * Boolean}, {@code List}, {@code Map} and null.
   *
   * @throws DatasetFormatException if a row holds any other value
   */
  public static Dataset fromRows(List<? extends Map<String, ?>> rows) {
    try (Spool spool = new Spool()) {
      RowEncoder encoder = new RowEncoder();
      int number = 0;
      for (Map<String, ?> row : rows) {
        number++;
        encoder.add(spool, row, "Row " + number);
      }
      return spool.finish();
    }
  }

  /**
   * Rows from lists of equal length, one for each column.
   *
   * @throws DatasetFormatException if the lists differ in length
   */
  public static Dataset fromColumns(Map<String, ? extends List<?>> columns) {
    Set<Integer> lengths = columns.values().stream().map(List::size).collect(Collectors.toSet());
    if (lengths.size() > 1) {
      throw DatasetFormatException.of(
          "The columns differ in length: "
              + columns.entrySet().stream()
                  .map(column -> column.getKey() + " has " + column.getValue().size())
                  .collect(Collectors.joining(", "))
              + ". Each column needs a value for each row; use null where there is none.");
    }
    int count = lengths.isEmpty() ? 0 : lengths.iterator().next();
    try (Spool spool = new Spool()) {
      RowEncoder encoder = new RowEncoder();
      for (int i = 0; i < count; i++) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends List<?>> column : columns.entrySet()) {
          row.put(column.getKey(), column.getValue().get(i));
        }
        encoder.add(spool, row, "Row " + (i + 1));
      }
      return spool.finish();
    }
  }

  /** The columns in their order; none in a dataset that never had a row. */
  public List<Column> columns() {
    return columns;
  }

  /** The names of the columns in their order. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** The number of rows. */
  public long size() {
    return Long.parseLong(single("SELECT count(*) FROM (" + sql + ")"));
  }

  /**
   * The rows in order, read as they are asked for. The stream may be closed before its end, and
   * closes itself there.
   */
  public Stream<Row> rows() {
    Cursor cursor = openCursor();
    Spliterator<Row> rows =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super Row> action) {
            if (!cursor.next()) {
              return false;
            }
            action.accept(cursor.row());
            return true;
          }
        };
    return StreamSupport.stream(rows, false).onClose(cursor::close);
  }

  /** All rows, in memory. */
  public List<Row> toList() {
    try (Stream<Row> rows = rows()) {
      return rows.toList();
    }
  }

  /** The first rows, in memory. */
  public List<Row> head(int count) {
    return take(count).toList();
  }

  /** The first rows. */
  public Dataset take(long count) {
    requireNotNegative(count);
    return derived("SELECT * FROM (" + sql + ") LIMIT " + count);
  }

  /** The rows behind the first ones. */
  public Dataset skip(long count) {
    requireNotNegative(count);
    return derived("SELECT * FROM (" + sql + ") OFFSET " + count);
  }

  /** Each row as the function makes it; a row for which it returns null is dropped. */
  public Dataset map(Function<? super Row, ? extends @Nullable Map<String, ?>> function) {
    return flatMap(
        row -> {
          Map<String, ?> mapped = function.apply(row);
          return mapped == null ? List.of() : List.of(mapped);
        });
  }

  /** Each row as the rows that the function makes of it. */
  public Dataset flatMap(Function<? super Row, ? extends List<? extends Map<String, ?>>> function) {
    try (Spool spool = new Spool();
        Cursor cursor = openCursor()) {
      RowEncoder encoder = new RowEncoder();
      while (cursor.next()) {
        Row row = cursor.row();
        for (Map<String, ?> mapped : function.apply(row)) {
          encoder.add(spool, mapped, "The result for row " + row.number());
        }
      }
      return spool.finish();
    }
  }

  /** The rows for which the predicate holds. */
  public Dataset filter(Predicate<? super Row> predicate) {
    try (Spool spool = new Spool();
        Cursor cursor = openCursor()) {
      while (cursor.next()) {
        if (predicate.test(cursor.row())) {
          spool.copy(cursor.json().getBytes(StandardCharsets.UTF_8));
        }
      }
      return spool.finishAs(columns);
    }
  }

  /** These columns, in this order. */
  public Dataset select(String... names) {
    for (String name : names) {
      requireColumn(name);
    }
    if (names.length == 0) {
      throw new IllegalArgumentException(
          "select needs a column; the columns are " + columnNames() + ".");
    }
    return derived("SELECT " + Sql.names(Arrays.asList(names)) + " FROM (" + sql + ")");
  }

  /** The same rows with one column under another name. */
  public Dataset rename(String from, String to) {
    requireColumn(from);
    if (columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(to))
        && !from.equalsIgnoreCase(to)) {
      throw DatasetFormatException.of(
          "\"" + from + "\" cannot be renamed to \"" + to + "\": there is such a column already.");
    }
    return derived(
        "SELECT "
            + columns.stream()
                .map(c -> Sql.name(c.name()) + (c.name().equals(from) ? " AS " + Sql.name(to) : ""))
                .collect(Collectors.joining(", "))
            + " FROM ("
            + sql
            + ")");
  }

  /** The rows for which an SQL condition holds, for example {@code length(prompt) < 2000}. */
  public Dataset where(String condition) {
    return query("SELECT * FROM (" + sql + ") AS dataset WHERE (" + condition + "\n)", condition);
  }

  /** The result of an SQL query that calls these rows {@code dataset}. */
  public Dataset sql(String query) {
    return query("SELECT * FROM (WITH dataset AS (" + sql + ") " + query + "\n)", query);
  }

  /**
   * The rows in the order of these columns' values, nulls last; rows with equal values stay in
   * order.
   */
  public Dataset sortBy(String... names) {
    for (String name : names) {
      requireColumn(name);
    }
    String keys =
        Arrays.stream(names)
            .map(name -> Sql.name(name) + " ASC NULLS LAST, ")
            .collect(Collectors.joining());
    return derived(numbered("ORDER BY " + keys));
  }

  /**
   * The rows in an order that depends on the seed and the number of rows alone: row n (from 1) is
   * ranked by the MD5 hash of the text {@code seed:n} in hexadecimal. The order is the same on
   * every machine.
   */
  public Dataset shuffle(long seed) {
    return derived(numbered("ORDER BY md5(concat(" + Sql.text(seed + ":") + ", %s)), "));
  }

  /**
   * The rows shuffled and cut in two.
   *
   * @param testShare the share of rows in {@code test}, rounded to whole rows, between 0 and 1
   * @throws IllegalArgumentException if either part would be empty
   */
  public Split split(double testShare, long seed) {
    long size = size();
    long testSize = Math.round(size * testShare);
    if (!(testShare > 0 && testShare < 1) || testSize == 0 || testSize == size) {
      throw new InvalidInputException(
          "A test share of "
              + testShare
              + " leaves no row on one side of "
              + size
              + " rows. The share is between 0 and 1, and each side needs a row.");
    }
    Dataset shuffled = shuffle(seed);
    return new Split(shuffled.skip(testSize), shuffled.take(testSize));
  }

  /**
   * These rows and then the others. A column that one side lacks is null there; one whose types
   * differ holds numbers if both are numbers, and else each value as it is.
   */
  public Dataset concat(Dataset other) {
    if (columns.isEmpty()) {
      return other;
    }
    if (other.columns.isEmpty()) {
      return this;
    }
    Map<String, String> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), column.type()));
    for (Column column : other.columns) {
      types.merge(column.name(), column.type(), Dataset::common);
    }
    Set<Source> all = new LinkedHashSet<>(sources);
    all.addAll(other.sources);
    return new Dataset(as(types) + " UNION ALL " + other.as(types), Set.copyOf(all));
  }

  private static String common(String one, String other) {
    if (one.equals(other)) {
      return one;
    }
    Set<String> numbers = Set.of("BIGINT", "DOUBLE", "INTEGER", "FLOAT");
    return numbers.contains(one) && numbers.contains(other) ? "DOUBLE" : "JSON";
  }

  private String as(Map<String, String> types) {
    Map<String, String> own =
        columns.stream().collect(Collectors.toMap(Column::name, Column::type, (a, b) -> a));
    List<String> values = new ArrayList<>();
    types.forEach(
        (name, type) -> {
          String ownType = own.get(name);
          String value;
          if (ownType == null) {
            value = "NULL::" + type;
          } else if (ownType.equals(type)) {
            value = Sql.name(name);
          } else if (type.equals("JSON")) {
            value = "to_json(" + Sql.name(name) + ")";
          } else {
            value = Sql.name(name) + "::" + type;
          }
          values.add(value + " AS " + Sql.name(name));
        });
    return "SELECT " + String.join(", ", values) + " FROM (" + sql + ")";
  }

  /** Writes a JSON object a line; compressed if the name ends in {@code .gz}. */
  public void toJsonl(Path file) {
    writeText(
        file,
        out -> {
          try (Cursor cursor = openCursor()) {
            while (cursor.next()) {
              out.write(cursor.strictJson());
              out.write('\n');
            }
          }
        });
  }

  /**
   * Writes comma-separated values under a header; lists and objects are JSON; compressed if the
   * name ends in {@code .gz}.
   */
  public void toCsv(Path file) {
    writeText(
        file,
        out -> {
          Csv.writeRecord(out, columnNames());
          try (Cursor cursor = openCursor()) {
            while (cursor.next()) {
              Csv.writeRecord(out, Csv.cells(cursor.row()));
            }
          }
        });
  }

  /** Writes a Parquet file, compressed by Zstandard. */
  public void toParquet(Path file) {
    if (columns.isEmpty()) {
      throw DatasetFormatException.of(
          file + " cannot be written: a Parquet file needs a column, and the dataset has none.");
    }
    AtomicFile.write(
        file,
        temporary ->
            execute(
                "COPY ("
                    + sql
                    + ") TO "
                    + Sql.text(temporary.toString())
                    + " (FORMAT parquet, COMPRESSION zstd)"));
  }

  private interface TextContent {
    void writeTo(Writer out) throws IOException;
  }

  private static void writeText(Path file, TextContent content) {
    AtomicFile.write(
        file,
        temporary -> {
          OutputStream bytes = Files.newOutputStream(temporary);
          try (OutputStream packed =
                  file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes, 1 << 16) : bytes;
              Writer out =
                  new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8))) {
            content.writeTo(out);
          }
        });
  }

  private Dataset derived(String derivedSql) {
    return columns.isEmpty() ? this : new Dataset(derivedSql, sources);
  }

  private Dataset query(String querySql, String asTyped) {
    try {
      return derived(querySql);
    } catch (DatasetFormatException e) {
      throw new InvalidInputException(
          "The SQL \""
              + asTyped
              + "\" failed: "
              + e.getMessage()
              + " The columns are "
              + columnNames()
              + ".",
          e);
    }
  }

  /**
   * The rows in another order; {@code %s} in the order is the row's number, by which ties are
   * broken.
   */
  private String numbered(String order) {
    String number = "attune_row_number";
    return "SELECT * EXCLUDE ("
        + number
        + ") FROM (SELECT *, row_number() OVER () AS "
        + number
        + " FROM ("
        + sql
        + ")) "
        + order.replace("%s", number)
        + number;
  }

  private void requireColumn(String name) {
    if (!columnNames().contains(name)) {
      throw DatasetFormatException.of(
          "There is no column \""
              + name
              + "\". The columns are "
              + String.join(", ", columnNames())
              + ".");
    }
  }

  private static void requireNotNegative(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("A number of rows is at least 0 but was " + count + ".");
    }
  }

  private Cursor openCursor() {
    sources.forEach(Source::requireUnchanged);
    String row =
        columns.stream()
            .map(column -> Sql.name(column.name()) + " := " + Sql.name(column.name()))
            .collect(Collectors.joining(", "));
    return new Cursor(
        this,
        columns.isEmpty()
            ? sql
            : "SELECT to_json(struct_pack(" + row + "))::VARCHAR FROM (" + sql + ")");
  }

  private List<Column> describe() {
    try (Connection connection = Engine.connect();
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery("DESCRIBE " + sql)) {
      List<Column> described = new ArrayList<>();
      while (results.next()) {
        described.add(new Column(results.getString(1), results.getString(2)));
      }
      return List.copyOf(described);
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  private String single(String query) {
    sources.forEach(Source::requireUnchanged);
    try (Connection connection = Engine.connect();
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(query)) {
      results.next();
      return results.getString(1);
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  private void execute(String command) {
    sources.forEach(Source::requireUnchanged);
    try (Connection connection = Engine.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  /** An error of DuckDB's in the words of datasets. */
  RuntimeException translate(SQLException e) {
    String message = String.valueOf(e.getMessage()).split("\n", 2)[0].strip();
    if (message.contains("No space left") || message.contains("max_temp_directory_size")) {
      return new UncheckedIOException(
          "The temporary folder is full. Datasets keep rows there that do not fit into memory; free some"
              + " space, or set -Djava.io.tmpdir to a folder with more.",
          new IOException(e));
    }
    if (message.startsWith("Out of Memory")) {
      message =
          "they need more memory at once than a dataset may take. Select fewer columns first, or cut very"
              + " long values. ("
              + message
              + ")";
    }
    String files =
        sources.stream().map(Source::toString).sorted().collect(Collectors.joining(", "));
    return DatasetFormatException.of(
        (files.isEmpty() ? "" : files + ": ") + "the rows cannot be computed: " + message, e);
  }
}
