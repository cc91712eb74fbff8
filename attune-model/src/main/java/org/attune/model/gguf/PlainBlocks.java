package org.attune.model.gguf;

import java.nio.ByteBuffer;
import org.attune.model.checkpoint.FloatElements;

/**
 * Blocks of 32 numbers with one scale: {@code x = d q}, or with a minimum as well: {@code x = d q +
 * m}. Of each byte of four-bit numbers the low half belongs to the first 16 numbers of the block,
 * the high half to the last 16; fifth bits stand apart in one 32-bit word.
 *
 * <p>The operations are those of the reference implementation in the same order, so that the
 * results are the same bits.
 */
final class PlainBlocks {
  private static final int HALF = 16;

  private PlainBlocks() {}

  static void q4WithoutMinimum(ByteBuffer block, int at, float[] values, int to) {
    float scale = FloatElements.fromHalf(block.getShort(at));
    for (int i = 0; i < HALF; i++) {
      int both = block.get(at + 2 + i);
      values[to + i] = scale * ((both & 0xf) - 8);
      values[to + HALF + i] = scale * (((both >>> 4) & 0xf) - 8);
    }
  }

  static void q4WithMinimum(ByteBuffer block, int at, float[] values, int to) {
    float scale = FloatElements.fromHalf(block.getShort(at));
    float minimum = FloatElements.fromHalf(block.getShort(at + 2));
    for (int i = 0; i < HALF; i++) {
      int both = block.get(at + 4 + i);
      values[to + i] = scale * (both & 0xf) + minimum;
      values[to + HALF + i] = scale * ((both >>> 4) & 0xf) + minimum;
    }
  }

  static void q5WithoutMinimum(ByteBuffer block, int at, float[] values, int to) {
    float scale = FloatElements.fromHalf(block.getShort(at));
    int fifth = block.getInt(at + 2);
    for (int i = 0; i < HALF; i++) {
      int both = block.get(at + 6 + i);
      values[to + i] = scale * (low(both, fifth, i) - 16);
      values[to + HALF + i] = scale * (high(both, fifth, i) - 16);
    }
  }

  static void q5WithMinimum(ByteBuffer block, int at, float[] values, int to) {
    float scale = FloatElements.fromHalf(block.getShort(at));
    float minimum = FloatElements.fromHalf(block.getShort(at + 2));
    int fifth = block.getInt(at + 4);
    for (int i = 0; i < HALF; i++) {
      int both = block.get(at + 8 + i);
      values[to + i] = scale * low(both, fifth, i) + minimum;
      values[to + HALF + i] = scale * high(both, fifth, i) + minimum;
    }
  }

  static void q8(ByteBuffer block, int at, float[] values, int to) {
    float scale = FloatElements.fromHalf(block.getShort(at));
    for (int i = 0; i < 2 * HALF; i++) {
      values[to + i] = scale * block.get(at + 2 + i);
    }
  }

  private static int low(int both, int fifth, int i) {
    return (both & 0xf) | (((fifth >>> i) & 1) << 4);
  }

  private static int high(int both, int fifth, int i) {
    return ((both >>> 4) & 0xf) | (((fifth >>> (HALF + i)) & 1) << 4);
  }
}
