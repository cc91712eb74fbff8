package org.attune.model.gguf;

import java.nio.ByteBuffer;
import org.attune.model.checkpoint.FloatElements;

/**
 * Blocks of 256 numbers whose parts have scales of their own, which are numbers of a few bits under
 * a scale of the whole block.
 *
 * <p>The operations are those of the reference implementation in the same order, so that the
 * results are the same bits.
 */
final class SuperBlocks {
  private static final int PART = 32;
  private static final int PARTS = 8;
  private static final int SCALE_BYTES = 12;

  private SuperBlocks() {}

  static void q4(ByteBuffer block, int at, float[] values, int to) {
    int quants = at + 4 + SCALE_BYTES;
    for (int part = 0; part < PARTS; part++) {
      float scale = FloatElements.fromHalf(block.getShort(at)) * scale(block, at + 4, part);
      float minimum = FloatElements.fromHalf(block.getShort(at + 2)) * minimum(block, at + 4, part);
      for (int i = 0; i < PART; i++) {
        int q = fourBits(block, quants, part, i);
        values[to + part * PART + i] = scale * q - minimum;
      }
    }
  }

  static void q5(ByteBuffer block, int at, float[] values, int to) {
    int fifth = at + 4 + SCALE_BYTES;
    int quants = fifth + PART;
    for (int part = 0; part < PARTS; part++) {
      float scale = FloatElements.fromHalf(block.getShort(at)) * scale(block, at + 4, part);
      float minimum = FloatElements.fromHalf(block.getShort(at + 2)) * minimum(block, at + 4, part);
      for (int i = 0; i < PART; i++) {
        int q = fourBits(block, quants, part, i) | (((block.get(fifth + i) >>> part) & 1) << 4);
        values[to + part * PART + i] = scale * q - minimum;
      }
    }
  }

  /** Sixteen parts of 16 numbers with signed scales, in two halves of 128 numbers. */
  static void q6(ByteBuffer block, int at, float[] values, int to) {
    int upperBits = at + 128;
    int scales = upperBits + 64;
    float whole = FloatElements.fromHalf(block.getShort(scales + 16));
    for (int i = 0; i < 256; i++) {
      int half = i / 128;
      int quarter = i % 128 / PART; // which of the four numbers that share a byte of upper bits
      int lane = i % PART;
      int low = block.get(at + 64 * half + i % 64) >>> (i % 128 < 64 ? 0 : 4);
      int high = block.get(upperBits + PART * half + lane) >>> (2 * quarter);
      int q = ((low & 0xf) | ((high & 3) << 4)) - 32;
      values[to + i] = whole * block.get(scales + i / 16) * q;
    }
  }

  /** Two parts share 32 bytes: the first has the low halves, the second the high ones. */
  private static int fourBits(ByteBuffer block, int quants, int part, int i) {
    return (block.get(quants + part / 2 * PART + i) >>> (part % 2 * 4)) & 0xf;
  }

  /** Six bits; those of the last four parts are spread over two bytes. */
  private static int scale(ByteBuffer block, int at, int part) {
    return part < 4
        ? block.get(at + part) & 0x3f
        : (block.get(at + 4 + part) & 0xf) | ((block.get(at + part - 4) >>> 2) & 0x30);
  }

  /** As {@link #scale}, in the bytes behind. */
  private static int minimum(ByteBuffer block, int at, int part) {
    return part < 4
        ? block.get(at + 4 + part) & 0x3f
        : ((block.get(at + 4 + part) >>> 4) & 0xf) | ((block.get(at + part) >>> 2) & 0x30);
  }
}
