package org.attune.model.generate.logits;

/**
 * Forbids the end tokens while there are fewer tokens than asked for: of prompt and continuation
 * together ({@code MinLengthLogitsProcessor} of transformers), or of the continuation ({@code
 * MinNewTokensLengthLogitsProcessor}).
 */
public final class MinLength implements LogitsProcessor {
  private final int minLength;
  private final int minNewTokens;
  private final int[] endIds;

  public MinLength(int minLength, int minNewTokens, int[] endIds) {
    this.minLength = minLength;
    this.minNewTokens = minNewTokens;
    this.endIds = endIds.clone();
  }

  @Override
  public void process(float[] logits, TokenHistory history) {
    if (history.length() < minLength || history.writtenLength() < minNewTokens) {
      for (int id : endIds) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
