package org.attune.model.generate.logits;

import java.util.Arrays;

/** The tokens before the one that is chosen next: a prompt, and what has been written so far. */
public final class TokenHistory {
  private final int promptLength;
  private final int maxLength;
  private int[] ids;
  private int length;

  /**
   * @param maxLength the most tokens of prompt and continuation together
   */
  public TokenHistory(int[] prompt, int maxLength) {
    this(prompt.length, maxLength, prompt.clone(), prompt.length);
  }

  private TokenHistory(int promptLength, int maxLength, int[] ids, int length) {
    this.promptLength = promptLength;
    this.maxLength = maxLength;
    this.ids = ids;
    this.length = length;
  }

  /** A history of its own with one more token. */
  public TokenHistory with(int token) {
    TokenHistory longer =
        new TokenHistory(promptLength, maxLength, Arrays.copyOf(ids, length + 1), length);
    longer.add(token);
    return longer;
  }

  /** Appends a written token. */
  public void add(int token) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length + 1);
    }
    ids[length++] = token;
  }

  /** The number of tokens, those of the prompt included. */
  public int length() {
    return length;
  }

  public int promptLength() {
    return promptLength;
  }

  /** The number of tokens after the prompt. */
  public int writtenLength() {
    return length - promptLength;
  }

  /** Whether the next token is the last one there is room for. */
  public boolean isBeforeLast() {
    return length == maxLength - 1;
  }

  /** Whether there is no room for another token. */
  public boolean isFull() {
    return length >= maxLength;
  }

  public int maxLength() {
    return maxLength;
  }

  /** The token at a place, counted from the first of the prompt. */
  public int id(int place) {
    return ids[place];
  }

  public int newest() {
    return ids[length - 1];
  }

  /** All tokens. */
  public int[] toArray() {
    return Arrays.copyOf(ids, length);
  }

  /** The tokens after the prompt. */
  public int[] written() {
    return Arrays.copyOfRange(ids, promptLength, length);
  }

  /** Whether the first {@code count} tokens of {@code sequence} are the newest of this history. */
  boolean endsWith(int[] sequence, int count) {
    return count <= length && Arrays.equals(ids, length - count, length, sequence, 0, count);
  }

  /** Whether the tokens before {@code end} are the {@code count} newest ones. */
  boolean repeatsNewest(int end, int count) {
    return Arrays.equals(ids, end - count, end, ids, length - count, length);
  }
}
