package org.attune.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * One file as a dataset.
 *
 * <p>JSON lines and Parquet are read in place each time. JSON lines are first looked at once, line
 * by line, by a parser that knows where it is: DuckDB's own detection of types takes dates, times
 * and UUIDs out of texts, believes a sample, and seldom names a line. Other formats become JSON
 * lines in a temporary file.
 */
final class Reader {
  private static final String FORMATS = ".csv, .tsv, .json, .jsonl, .ndjson, .parquet or .txt";

  // The parser points behind a token that it does not know; people look for its start.
  private static final Pattern UNKNOWN_TOKEN = Pattern.compile("Unrecognized token '([^']+)'");

  private final Path file;
  private final boolean gzip;
  private final String format;

  private Reader(Path file) {
    this.file = file;
    String name = file.toString().toLowerCase(Locale.ROOT);
    this.gzip = name.endsWith(".gz");
    String unpacked = gzip ? name.substring(0, name.length() - ".gz".length()) : name;
    this.format = unpacked.substring(unpacked.lastIndexOf('.') + 1);
  }

  static Dataset read(Path file) {
    return new Reader(file).read();
  }

  private Dataset read() {
    if (!Files.exists(file)) {
      throw DatasetFormatException.in(file, "there is no such file. Check the path.");
    }
    if (!Files.isRegularFile(file)) {
      throw DatasetFormatException.in(
          file, "this is not a file. A dataset is read from files; name each of them.");
    }
    try {
      if (Files.size(file) == 0) {
        throw DatasetFormatException.in(
            file, "the file is empty (0 bytes). A dataset needs a row; write the file again.");
      }
      return switch (format) {
        case "jsonl", "ndjson" -> readJsonl();
        case "json" -> readJson();
        case "csv" -> readCsv(',');
        case "tsv" -> readCsv('\t');
        case "txt" -> readText();
        case "parquet" -> readParquet();
        default ->
            throw DatasetFormatException.in(
                file,
                "the format cannot be told from the name. It ends in "
                    + FORMATS
                    + ", each with .gz behind it if it is compressed; rename the file.");
      };
    } catch (EOFException | ZipException e) {
      throw DatasetFormatException.in(
          file,
          "the compressed data is damaged or ends too early ("
              + e.getMessage()
              + "). The file was probably not copied in full; fetch it again.");
    } catch (CharacterCodingException e) {
      throw DatasetFormatException.in(
          file, "the file is not UTF-8. Text files are read as UTF-8; convert it.");
    } catch (IOException e) {
      throw DatasetFormatException.in(file, "the file could not be read: " + e.getMessage() + ".");
    }
  }

  private InputStream open() throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
  }

  /** The file's bytes without a byte order mark. */
  private InputStream openText() throws IOException {
    PushbackInputStream in = new PushbackInputStream(open(), 3);
    byte[] start = in.readNBytes(3);
    boolean marked = Arrays.equals(start, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
    if (!marked) {
      in.unread(start);
    }
    return in;
  }

  private boolean startsWithMark() throws IOException {
    try (InputStream in = open()) {
      return Arrays.equals(in.readNBytes(3), new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
    }
  }

  private interface LineConsumer {
    void accept(byte[] line, int length) throws IOException;
  }

  private Dataset readJsonl() throws IOException {
    Dataset rows;
    if (startsWithMark()) {
      // DuckDB refuses the mark, which editors on Windows like to write.
      try (Spool spool = new Spool()) {
        forEachRow(spool::add);
        rows = spool.finish();
      }
    } else {
      Source source = Source.of(file);
      JsonRows observed = new JsonRows();
      forEachRow(observed::observe);
      rows = observed.dataset(file, source);
    }
    return requireColumns(rows);
  }

  private void forEachRow(LineConsumer rows) throws IOException {
    try (InputStream in = openText()) {
      Lines lines = new Lines(in);
      while (lines.next()) {
        if (lines.isBlank()) {
          continue;
        }
        try {
          rows.accept(lines.bytes(), lines.length());
        } catch (JsonProcessingException e) {
          throw badLine(lines, e);
        }
      }
    }
  }

  private DatasetFormatException badLine(Lines lines, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    long offset = location == null ? 0 : Math.max(0, location.getColumnNr() - 1);
    int length = (int) Math.min(offset, lines.length());
    String before = new String(lines.bytes(), 0, length, StandardCharsets.UTF_8);
    Matcher token = UNKNOWN_TOKEN.matcher(JsonProblem.what(e));
    if (token.lookingAt() && before.contains(token.group(1))) {
      before = before.substring(0, before.lastIndexOf(token.group(1)));
    }
    return DatasetFormatException.in(
        file,
        lines.number(),
        before.codePointCount(0, before.length()) + 1L,
        JsonProblem.what(e)
            + ". Found: "
            + lines.excerpt()
            + " Each line is one JSON object in UTF-8, such as {\"prompt\": \"…\"}; correct the line or"
            + " remove it.");
  }

  private Dataset readJson() throws IOException {
    try (InputStream in = openText();
        JsonParser parser = JsonRows.FACTORY.createParser(in);
        Spool spool = new Spool()) {
      try {
        JsonToken first = parser.nextToken();
        boolean array = first == JsonToken.START_ARRAY;
        JsonToken token = array ? parser.nextToken() : first;
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        while (token != null && token != JsonToken.END_ARRAY) {
          JsonLocation start = parser.currentTokenLocation();
          if (token != JsonToken.START_OBJECT) {
            throw new JsonParseException(parser, "the row is not an object", start);
          }
          row.reset();
          try (JsonGenerator json = JsonRows.FACTORY.createGenerator(row)) {
            json.copyCurrentStructure(parser);
          }
          addObject(spool, row.toByteArray(), start);
          token = parser.nextToken();
        }
        if (array && token == JsonToken.END_ARRAY && parser.nextToken() != null) {
          throw new JsonParseException(
              parser, "something follows the array", parser.currentTokenLocation());
        }
      } catch (JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        throw DatasetFormatException.in(
            file,
            location == null ? 1 : location.getLineNr(),
            location == null ? 1 : location.getColumnNr(),
            JsonProblem.what(e)
                + ". A .json file is an array of objects, or objects one after the other; correct it, or"
                + " name it .jsonl if it has an object a line.");
      }
      return requireColumns(spool.finish());
    }
  }

  private static void addObject(Spool spool, byte[] row, JsonLocation start) throws IOException {
    try {
      spool.add(row, row.length);
    } catch (InvalidValueException e) {
      throw e.at(start);
    }
  }

  private Dataset readCsv(char separator) throws IOException {
    try (java.io.Reader characters = characters();
        Spool spool = new Spool()) {
      CsvReader csv = new CsvReader(file, characters, separator);
      List<String> header = csv.header();
      CsvTypes types = CsvTypes.of(file, header.size(), this::characters, separator);
      RowEncoder encoder = new RowEncoder();
      List<@Nullable String> record = csv.next();
      while (record != null) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
          row.put(header.get(i), types.value(i, record.get(i)));
        }
        encoder.add(spool, row, file + " line " + csv.line());
        record = csv.next();
      }
      return requireColumns(spool.finishAs(types.columns(header)));
    }
  }

  private java.io.Reader characters() throws IOException {
    return new InputStreamReader(
        openText(),
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  private Dataset readText() throws IOException {
    try (InputStream in = openText();
        Spool spool = new Spool()) {
      RowEncoder encoder = new RowEncoder();
      Lines lines = new Lines(in);
      while (lines.next()) {
        encoder.add(spool, Map.of("text", lines.text(file)), file + " line " + lines.number());
      }
      return requireColumns(spool.finish());
    }
  }

  private Dataset readParquet() throws IOException {
    Path plain = file;
    Source source;
    if (gzip) {
      plain = Engine.newTemporaryFile(".parquet");
      try (InputStream in = open()) {
        Files.copy(in, plain, StandardCopyOption.REPLACE_EXISTING);
      }
      source = Source.temporary(plain);
    } else {
      source = Source.of(plain);
    }
    requireParquet(plain);
    return new Dataset("SELECT * FROM read_parquet(" + Sql.file(plain) + ")", Set.of(source));
  }

  /**
   * Parquet starts and ends with the same four letters; the footer's length stands before the last.
   */
  private void requireParquet(Path plain) throws IOException {
    byte[] letters = "PAR1".getBytes(StandardCharsets.US_ASCII);
    try (RandomAccessFile bytes = new RandomAccessFile(plain.toFile(), "r")) {
      byte[] start = new byte[4];
      byte[] end = new byte[8];
      long length = bytes.length();
      if (length >= 12) {
        bytes.readFully(start);
        bytes.seek(length - 8);
        bytes.readFully(end);
      }
      if (!Arrays.equals(start, letters)) {
        throw DatasetFormatException.in(
            file,
            "this is not a Parquet file: it does not start with PAR1. Check what it really is.");
      }
      if (!Arrays.equals(Arrays.copyOfRange(end, 4, 8), letters)) {
        throw DatasetFormatException.in(
            file,
            "the Parquet file ends too early ("
                + length
                + " bytes, no PAR1 at the end). It was probably not copied in full; fetch it again.");
      }
    }
  }

  private Dataset requireColumns(Dataset rows) {
    if (rows.columns().isEmpty()) {
      throw DatasetFormatException.in(
          file, "the file has no rows. A dataset needs a row; write the file again.");
    }
    return rows;
  }
}
