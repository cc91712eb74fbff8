package org.attune.cli.generate;

import java.util.Arrays;
import java.util.function.Consumer;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.Tokenizer;

/**
 * The text of tokens as they come. A token's text depends on those before it, and a character may
 * take several tokens, so that all are decoded each time and the end waits until it is whole.
 */
final class Continuation {
  private static final char REPLACEMENT = '\uFFFD';

  private final Tokenizer tokenizer;
  private final Consumer<String> reader;
  private final int promptLength;
  private int[] ids;
  private String text = "";
  private int read;

  /**
   * @param reader is given each further piece of text
   */
  Continuation(Tokenizer tokenizer, int[] prompt, Consumer<String> reader) {
    this.tokenizer = tokenizer;
    this.reader = reader;
    ids = prompt.clone();
    promptLength = tokenizer.decode(prompt, SkipSpecial.YES).length();
  }

  void add(int token) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = token;
    String all = tokenizer.decode(ids, SkipSpecial.YES);
    text = all.substring(Math.min(promptLength, all.length()));
    int whole = text.length();
    while (whole > read && text.charAt(whole - 1) == REPLACEMENT) {
      whole--;
    }
    pass(whole);
  }

  /** Gives the reader what is left: a character that no further token completed. */
  void end() {
    pass(text.length());
  }

  String text() {
    return text;
  }

  private void pass(int to) {
    if (to > read) {
      reader.accept(text.substring(read, to));
      read = to;
    }
  }
}
