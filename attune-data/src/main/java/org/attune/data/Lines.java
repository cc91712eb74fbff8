package org.attune.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a file as bytes, without their ends, which are LF or CRLF. */
final class Lines {
  private final InputStream in;
  private final byte[] chunk = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 12];
  private int length;
  private long number;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Moves to the next line; false behind the last one. */
  boolean next() throws IOException {
    length = 0;
    boolean any = false;
    while (position < limit || fill()) {
      any = true;
      int end = position;
      while (end < limit && chunk[end] != '\n') {
        end++;
      }
      append(end - position);
      if (end < limit) {
        position = end + 1;
        break;
      }
      position = end;
    }
    if (any) {
      number++;
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
    }
    return any;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(chunk));
    return limit > 0;
  }

  private void append(int count) {
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
    }
    System.arraycopy(chunk, position, line, length, count);
    length += count;
  }

  /** The line from 1. */
  long number() {
    return number;
  }

  /** A buffer whose first {@link #length()} bytes are the line; the next line overwrites it. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  String text(Path file) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw DatasetFormatException.in(
          file, number, "the line is not UTF-8. Text files are read as UTF-8; convert the file.");
    }
  }

  /** The start of the line as it may stand in an error message. */
  String excerpt() {
    String text = new String(line, 0, Math.min(length, 240), StandardCharsets.UTF_8);
    return text.length() > 80 || length > 240
        ? text.substring(0, Math.min(80, text.length())) + "…"
        : text;
  }
}
