package org.attune.model.tokenizer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The letters that byte-level vocabularies write bytes with: a printable byte as itself, another as
 * a letter from U+0100 on. Radford et al. 2019 (GPT-2).
 */
final class ByteAlphabet {
  private static final char[] LETTERS = letters();
  private static final int LAST = 0x143;

  private ByteAlphabet() {}

  private static char[] letters() {
    char[] letters = new char[256];
    char next = 0x100;
    for (int b = 0; b < letters.length; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      letters[b] = printable ? (char) b : next++;
    }
    return letters;
  }

  /** Whether a token is written in these letters only. */
  static boolean spells(String token) {
    return token.chars().allMatch(ByteAlphabet::isLetter);
  }

  /** The UTF-8 bytes of a text in these letters. */
  static String spell(String text) {
    StringBuilder spelled = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      spelled.append(LETTERS[b & 0xFF]);
    }
    return spelled.toString();
  }

  private static boolean isLetter(int c) {
    return c >= 0x100 ? c <= LAST : LETTERS[c] == c;
  }
}
