package org.attune.model.gguf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the head of a GGUF file from front to back. What the file says of lengths is believed only
 * as far as there are bytes for it.
 */
final class GgufCursor {
  /** Several times the largest head that a published model has. */
  static final long MAX_HEAD_BYTES = 128L << 20;

  private static final int WINDOW_BYTES = 1 << 16;

  private final FileChannel channel;
  private final long end;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long windowEnd;

  GgufCursor(FileChannel channel) throws IOException {
    this.channel = channel;
    end = Math.min(channel.size(), MAX_HEAD_BYTES);
  }

  long position() {
    return windowEnd - window.remaining();
  }

  /** How many bytes may still follow. */
  long remaining() {
    return end - position();
  }

  int u8() throws IOException {
    return need(Byte.BYTES).get() & 0xff;
  }

  int u16() throws IOException {
    return need(Short.BYTES).getShort() & 0xffff;
  }

  int i32() throws IOException {
    return need(Integer.BYTES).getInt();
  }

  long i64() throws IOException {
    return need(Long.BYTES).getLong();
  }

  float f32() throws IOException {
    return need(Float.BYTES).getFloat();
  }

  double f64() throws IOException {
    return need(Double.BYTES).getDouble();
  }

  /**
   * A number of things of which each takes some bytes at least.
   *
   * @throws DamagedGgufException if there cannot be so many
   */
  int count(String what, long leastBytes) throws IOException {
    long count = i64();
    if (count < 0 || count > remaining() / leastBytes) {
      throw new DamagedGgufException(
          "%s is %s, but only %,d bytes follow in its head"
              .formatted(what, Long.toUnsignedString(count), remaining()));
    }
    return (int) count;
  }

  /** A string of UTF-8. */
  String text(String what) throws IOException {
    int length = count("the length of " + what, 1);
    byte[] bytes = new byte[length];
    for (int read = 0; read < length; ) {
      int step = Math.min(length - read, WINDOW_BYTES);
      need(step).get(bytes, read, step);
      read += step;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DamagedGgufException(
          "%s at byte %,d is not UTF-8".formatted(what, position() - length), e);
    }
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (window.remaining() < bytes) {
      if (remaining() < bytes) {
        throw new DamagedGgufException(
            end == MAX_HEAD_BYTES
                ? "its head is longer than %,d bytes".formatted(end)
                : "it ends within its head, at byte %,d".formatted(end));
      }
      window.compact();
      while (window.hasRemaining() && windowEnd < end) {
        int read = channel.read(window, windowEnd);
        if (read < 0) {
          throw new EOFException("the file became shorter while it was read");
        }
        windowEnd += read;
      }
      window.flip();
    }
    return window;
  }
}
