package org.attune.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Rows on their way into a temporary file of JSON lines, whose types are observed as they pass. */
final class Spool implements AutoCloseable {
  private final Path file = Engine.newTemporaryFile(".jsonl");
  private final OutputStream out;
  private final JsonRows rows = new JsonRows();
  private boolean finished;

  Spool() {
    try {
      out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Adds a row.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException if the line is not one JSON object
   */
  void add(byte[] line, int length) throws IOException {
    rows.observe(line, length);
    write(line, length);
  }

  /** Adds a row of another dataset, whose columns are those to finish with. */
  void copy(byte[] line) {
    rows.measure(line.length);
    write(line, line.length);
  }

  private void write(byte[] line, int length) {
    try {
      out.write(line, 0, length);
      out.write('\n');
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** The rows so far as a dataset, which owns the file from here on. */
  Dataset finish() {
    return finish(rows);
  }

  /** As {@link #finish()}, for rows whose columns are known. */
  Dataset finishAs(List<Column> columns) {
    return finish(rows.as(columns));
  }

  private Dataset finish(JsonRows typed) {
    try {
      out.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
    finished = true;
    return typed.dataset(file, Source.temporary(file));
  }

  /** Deletes the file unless a dataset owns it. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private UncheckedIOException unwritable(IOException e) {
    return new UncheckedIOException(
        "The temporary file "
            + file
            + " could not be written ("
            + e.getMessage()
            + "). Datasets keep rows there that do not fit into memory; free some space, or set"
            + " -Djava.io.tmpdir to a folder with more.",
        e);
  }
}
