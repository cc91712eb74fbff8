package org.attune.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Data that cannot be read as the dataset it should be. The message says where (file, line,
 * column), what was found, the rule, and the way out.
 */
public final class DatasetFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // file systems' paths are serialized as text nowhere in this project
  private final transient @Nullable Path file;

  private final long line;
  private final long column;

  private DatasetFormatException(
      @Nullable Path file, long line, long column, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  /** An error whose message says where the data is wrong, what the rule is, and the way out. */
  public static DatasetFormatException of(String message) {
    return new DatasetFormatException(null, -1, -1, message, null);
  }

  static DatasetFormatException of(String message, Throwable cause) {
    return new DatasetFormatException(null, -1, -1, message, cause);
  }

  static DatasetFormatException in(Path file, String message) {
    return new DatasetFormatException(file, -1, -1, file + ": " + message, null);
  }

  static DatasetFormatException in(Path file, long line, String message) {
    return new DatasetFormatException(
        file, line, -1, file + " line " + line + ": " + message, null);
  }

  static DatasetFormatException in(Path file, long line, long column, String message) {
    String place = file + " line " + line + ", column " + column + ": ";
    return new DatasetFormatException(file, line, column, place + message, null);
  }

  /** The file that was read, if the data came from one. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** The line, from 1, if it is known. */
  public OptionalLong line() {
    return line < 0 ? OptionalLong.empty() : OptionalLong.of(line);
  }

  /** The position in the line in Unicode code points, from 1, if it is known. */
  public OptionalLong column() {
    return column < 0 ? OptionalLong.empty() : OptionalLong.of(column);
  }
}
