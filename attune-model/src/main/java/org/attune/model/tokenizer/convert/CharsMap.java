package org.attune.model.tokenizer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/**
 * The compiled replacements of characters in a SentencePiece model: a trie of the texts to replace,
 * as a double array (Aoe 1989), and the texts that replace them, each ended by a zero.
 *
 * <p>The tokenizers library follows the trie without looking at its bounds and ends the process at
 * the first step outside. So every step that any text could cause is tried here before.
 */
public final class CharsMap {
  private static final int BLOCK = 256;
  private static final int LARGEST = 16 << 20;

  private final IntBuffer trie;
  private final byte[] texts;

  private CharsMap(IntBuffer trie, byte[] texts) {
    this.trie = trie;
    this.texts = texts;
  }

  /** What is wrong with the bytes; empty if any text can be normalized with them. */
  public static Optional<String> problem(byte[] content) {
    if (content.length > LARGEST) {
      return Optional.of("its map of characters has %,d bytes".formatted(content.length));
    }
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int size = content.length < Integer.BYTES ? -1 : bytes.getInt();
    if (size < BLOCK * Integer.BYTES || size % Integer.BYTES != 0 || size > bytes.remaining()) {
      return Optional.of(
          "its map of characters has %,d bytes and says that %,d of them are a trie"
              .formatted(content.length, size));
    }
    IntBuffer trie = bytes.slice(Integer.BYTES, size).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    byte[] texts = new byte[content.length - Integer.BYTES - size];
    bytes.get(Integer.BYTES + size, texts);
    return new CharsMap(trie, texts).problem();
  }

  private Optional<String> problem() {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
    } catch (CharacterCodingException e) {
      return Optional.of("the replacements in its map of characters are no UTF-8");
    }
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(offset(trie.get(0)));
    while (!open.isEmpty()) {
      int node = open.remove();
      if (seen.get(node)) {
        continue;
      }
      seen.set(node);
      for (int label = 1; label < BLOCK; label++) {
        int child = node ^ label;
        if (child >= trie.limit()) {
          return outside(child);
        }
        int unit = trie.get(child);
        if ((unit & 0x8000_00FF) != label) {
          continue;
        }
        int next = child ^ offset(unit);
        if (hasLeaf(unit)) {
          if (next >= trie.limit()) {
            return outside(next);
          }
          int text = trie.get(next) & 0x7FFF_FFFF;
          if (text >= texts.length || !startsCharacter(texts[text])) {
            return Optional.of("its map of characters refers to no text at %,d".formatted(text));
          }
        }
        open.add(next);
      }
    }
    return Optional.empty();
  }

  private static boolean startsCharacter(byte b) {
    return (b & 0xC0) != 0x80;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }

  private static boolean hasLeaf(int unit) {
    return (unit >>> 8 & 1) == 1;
  }

  private static Optional<String> outside(int node) {
    return Optional.of("the trie of its map of characters leads outside, to %,d".formatted(node));
  }
}
