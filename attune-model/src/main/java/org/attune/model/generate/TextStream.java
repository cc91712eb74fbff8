package org.attune.model.generate;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.attune.model.tokenizer.SkipSpecial;
import org.attune.model.tokenizer.Tokenizer;

/**
 * The text of tokens as they come, in pieces that are never taken back: a character that takes
 * several tokens waits until it is whole, and what may be the beginning of a stop string waits
 * until it is clear that it is not. The text ends before the first stop string, as in OpenAI's API;
 * transformers leaves the string in.
 *
 * <p>A token's text depends on those before it, so the newest tokens are decoded together with some
 * before them, and only what is added is new.
 */
final class TextStream {
  private static final char REPLACEMENT = '\uFFFD';

  /** Enough tokens before the new ones for decoders that look back. */
  private static final int LOOK_BACK = 16;

  private final Tokenizer tokenizer;
  private final List<String> stopStrings;
  private final Consumer<String> reader;
  private final StringBuilder held = new StringBuilder();
  private int[] ids;
  private int length;
  private int windowStart;
  private int nextStart; // a later place where no character is cut
  private int read; // how much of the window's text has been taken
  private boolean isStopped;

  /**
   * @param reader is given each further piece of text
   */
  TextStream(Tokenizer tokenizer, int[] prompt, List<String> stopStrings, Consumer<String> reader) {
    this.tokenizer = tokenizer;
    this.stopStrings = stopStrings;
    this.reader = reader;
    ids = Arrays.copyOf(prompt, prompt.length + LOOK_BACK);
    length = prompt.length;
    read = window().length();
  }

  /**
   * Adds a token.
   *
   * @return whether its text completes a stop string
   */
  boolean add(int token) {
    if (isStopped) {
      return true;
    }
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length);
    }
    ids[length++] = token;
    String text = window();
    int whole = text.length();
    while (whole > read && text.charAt(whole - 1) == REPLACEMENT) {
      whole--;
    }
    take(text, whole);
    if (whole == text.length() && length - nextStart >= LOOK_BACK) {
      windowStart = nextStart;
      nextStart = length;
      read = window().length();
    }
    return isStopped;
  }

  /** Gives the reader what is left: a character that no further token completed. */
  void end() {
    if (!isStopped) {
      String text = window();
      take(text, text.length());
    }
    if (!isStopped) {
      pass(held.length());
    }
  }

  private String window() {
    return tokenizer.decode(Arrays.copyOfRange(ids, windowStart, length), SkipSpecial.YES);
  }

  private void take(String text, int to) {
    if (to <= read) {
      return;
    }
    held.append(text, read, to);
    read = to;
    int stop = firstStop();
    if (stop >= 0) {
      isStopped = true;
      pass(stop);
    } else {
      pass(held.length() - possibleStop());
    }
  }

  private int firstStop() {
    return stopStrings.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /** How many characters at the end may be the beginning of a stop string. */
  private int possibleStop() {
    int longest = 0;
    for (String stop : stopStrings) {
      for (int size = Math.min(stop.length() - 1, held.length()); size > longest; size--) {
        if (stop.startsWith(held.substring(held.length() - size))) {
          longest = size;
        }
      }
    }
    return longest;
  }

  private void pass(int to) {
    if (to > 0) {
      reader.accept(held.substring(0, to));
      held.delete(0, to);
    }
  }
}
