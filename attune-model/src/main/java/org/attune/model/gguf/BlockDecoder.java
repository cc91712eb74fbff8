package org.attune.model.gguf;

import java.nio.ByteBuffer;

/** Turns one block of a stored type into numbers. */
@FunctionalInterface
interface BlockDecoder {
  /**
   * Decodes one block.
   *
   * @param block little-endian; only absolute positions are read
   * @param at where the block begins
   * @param values where the numbers go
   * @param to where the first number goes
   */
  void decode(ByteBuffer block, int at, float[] values, int to);
}
