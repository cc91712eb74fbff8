package org.attune.model.gguf;

import java.nio.ByteBuffer;
import org.attune.model.checkpoint.FloatElements;

/**
 * Writes rows of numbers in a stored type, with the bytes that the reference implementation gives:
 * the same float32 operations in the same order.
 */
final class BlockEncoder {
  private static final int BLOCK = 32;

  private BlockEncoder() {}

  /** Whether numbers can be written in that type; the others are only read. */
  static boolean writes(GgufType type) {
    return switch (type) {
      case F32, F16, BF16, Q8_0, Q4_0 -> true;
      default -> false;
    };
  }

  /**
   * Appends a row to {@code bytes}, which is little-endian.
   *
   * @throws IllegalArgumentException if the type is only read
   */
  static void encode(GgufType type, float[] row, ByteBuffer bytes) {
    switch (type) {
      case F32 -> {
        for (float value : row) {
          bytes.putFloat(value);
        }
      }
      case F16 -> {
        for (float value : row) {
          bytes.putShort(FloatElements.toHalf(value));
        }
      }
      case BF16 -> {
        for (float value : row) {
          bytes.putShort(FloatElements.toBrainFloat(value));
        }
      }
      case Q8_0 -> {
        for (int at = 0; at < row.length; at += BLOCK) {
          q8(row, at, bytes);
        }
      }
      case Q4_0 -> {
        for (int at = 0; at < row.length; at += BLOCK) {
          q4(row, at, bytes);
        }
      }
      default -> throw new IllegalArgumentException(type + " is read and not written");
    }
  }

  private static void q8(float[] row, int at, ByteBuffer bytes) {
    float largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      largest = Math.max(largest, Math.abs(row[at + i]));
    }
    float scale = largest / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    bytes.putShort(FloatElements.toHalf(scale));
    for (int i = 0; i < BLOCK; i++) {
      bytes.put((byte) awayFromZero(row[at + i] * inverse));
    }
  }

  /** The nearest whole number, of two the one farther from zero. */
  private static int awayFromZero(float value) {
    float magnitude = Math.abs(value);
    float whole = (float) Math.floor(magnitude);
    float rounded = whole + (float) Math.floor(2 * (magnitude - whole));
    return (int) Math.copySign(rounded, value);
  }

  private static void q4(float[] row, int at, ByteBuffer bytes) {
    float extreme = row[at];
    for (int i = 1; i < BLOCK; i++) {
      if (Math.abs(row[at + i]) > Math.abs(extreme)) {
        extreme = row[at + i];
      }
    }
    float scale = extreme / -8;
    float inverse = scale == 0 ? 0 : 1 / scale;
    bytes.putShort(FloatElements.toHalf(scale));
    for (int i = 0; i < BLOCK / 2; i++) {
      int low = fourBits(row[at + i] * inverse);
      int high = fourBits(row[at + BLOCK / 2 + i] * inverse);
      bytes.put((byte) (low | (high << 4)));
    }
  }

  private static int fourBits(float scaled) {
    return Math.min(15, (int) (scaled + 8.5f));
  }
}
