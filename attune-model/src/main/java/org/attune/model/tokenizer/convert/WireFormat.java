package org.attune.model.tokenizer.convert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.attune.model.checkpoint.CheckpointException;

/**
 * Reads the fields of a Protocol Buffers message one after the other. No length is believed before
 * it is seen to lie within the message, so reading takes time and memory of the message's size.
 */
final class WireFormat {
  /** How a field is stored. */
  enum Kind {
    VARINT(0),
    FIXED64(1),
    BYTES(2),
    FIXED32(5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final int VARINT_BITS = 64;

  private final Path file;
  private final ByteBuffer buffer;
  private int field;
  private Kind kind = Kind.VARINT;

  WireFormat(Path file, ByteBuffer buffer) {
    this.file = file;
    this.buffer = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes to the next field; false at the end of the message. */
  boolean next() {
    if (!buffer.hasRemaining()) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    kind = kind((int) (key & 7));
    return true;
  }

  private Kind kind(int code) {
    for (Kind known : Kind.values()) {
      if (known.code == code) {
        return known;
      }
    }
    throw damaged(
        "field %d is stored in way %d, which Protocol Buffers does not know"
            .formatted(field, code));
  }

  int field() {
    return field;
  }

  long number() {
    require(Kind.VARINT);
    return varint();
  }

  boolean flag() {
    return number() != 0;
  }

  float float32() {
    require(Kind.FIXED32);
    requireBytes(Float.BYTES);
    return buffer.getFloat();
  }

  /** A string, an inner message, or bytes. */
  ByteBuffer bytes() {
    require(Kind.BYTES);
    long length = varint();
    requireBytes(length);
    ByteBuffer bytes = buffer.slice(buffer.position(), (int) length);
    buffer.position(buffer.position() + (int) length);
    return bytes;
  }

  WireFormat message() {
    return new WireFormat(file, bytes());
  }

  void skip() {
    switch (kind) {
      case VARINT -> varint();
      case BYTES -> bytes();
      case FIXED32 -> skipBytes(Integer.BYTES);
      case FIXED64 -> skipBytes(Long.BYTES);
    }
  }

  private void skipBytes(int count) {
    requireBytes(count);
    buffer.position(buffer.position() + count);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < VARINT_BITS; shift += 7) {
      requireBytes(1);
      byte b = buffer.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("a number has more than ten bytes");
  }

  private void require(Kind expected) {
    if (kind != expected) {
      throw damaged("field %d is stored as %s instead of %s".formatted(field, kind, expected));
    }
  }

  private void requireBytes(long count) {
    if (count < 0 || count > buffer.remaining()) {
      throw damaged(
          "field %d says it has %,d bytes, but %,d are left"
              .formatted(field, count, buffer.remaining()));
    }
  }

  CheckpointException damaged(String problem) {
    return new CheckpointException(
        "%s is no SentencePiece model: %s. Copy the file again from where the model came from."
            .formatted(file, problem));
  }
}
