package org.attune.model.gguf;

import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.FloatElements;

/**
 * The types of GGUF tensors that are read here, named as llama.cpp names them. Numbers are stored
 * in blocks; the blocks of a row stand one behind another.
 */
public enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  private final int id;
  private final int blockElements;
  private final int blockBytes;

  GgufType(int id, int blockElements, int blockBytes) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The number in the file. */
  int id() {
    return id;
  }

  /** How many numbers a block holds. */
  int blockElements() {
    return blockElements;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The bytes of a row of that many numbers, which must fill its blocks. */
  long rowBytes(long columns) {
    return columns / blockElements * blockBytes;
  }

  BlockDecoder decoder() {
    return switch (this) {
      case F32 -> (block, at, values, to) -> values[to] = block.getFloat(at);
      case F16 ->
          (block, at, values, to) -> values[to] = FloatElements.fromHalf(block.getShort(at));
      case BF16 ->
          (block, at, values, to) -> values[to] = FloatElements.fromBrainFloat(block.getShort(at));
      case Q4_0 -> PlainBlocks::q4WithoutMinimum;
      case Q4_1 -> PlainBlocks::q4WithMinimum;
      case Q5_0 -> PlainBlocks::q5WithoutMinimum;
      case Q5_1 -> PlainBlocks::q5WithMinimum;
      case Q8_0 -> PlainBlocks::q8;
      case Q4_K -> SuperBlocks::q4;
      case Q5_K -> SuperBlocks::q5;
      case Q6_K -> SuperBlocks::q6;
    };
  }

  /** The type of that number; none if it is not known here. */
  static List<GgufType> ofId(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).toList();
  }
}
