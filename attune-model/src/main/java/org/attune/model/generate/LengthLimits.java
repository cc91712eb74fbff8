package org.attune.model.generate;

/**
 * When a continuation may end, and when it must.
 *
 * @param minLength no end token before prompt and continuation have that many together; default 0
 * @param minNewTokens no end token before that many new tokens; default 0
 * @param maxLength the most tokens of prompt and continuation together; 0 leaves it to the model's
 *     context, the default
 * @param maxNewTokens the most new tokens; default 256
 */
public record LengthLimits(int minLength, int minNewTokens, int maxLength, int maxNewTokens) {
  void check(Problems problems) {
    problems.require(
        minLength >= 0, "min-length must be >= 0 but was %s. Use 0 for no minimum.", minLength);
    problems.require(
        minNewTokens >= 0,
        "min-new-tokens must be >= 0 but was %s. Use 0 for no minimum.",
        minNewTokens);
    problems.require(
        maxLength >= 0,
        "max-length must be >= 0 but was %s. Use 0 for the model's context.",
        maxLength);
    problems.require(
        maxNewTokens >= 1,
        "max-new-tokens must be >= 1 but was %s. Give the most tokens to generate.",
        maxNewTokens);
    problems.require(
        minNewTokens <= Math.max(1, maxNewTokens),
        "min-new-tokens must not be above max-new-tokens but was %s. Lower it or raise"
            + " max-new-tokens.",
        minNewTokens);
    problems.require(
        maxLength <= 0 || minLength <= maxLength,
        "min-length must not be above max-length but was %s. Lower it or raise max-length.",
        minLength);
  }

  /** The most tokens of a prompt and its continuation in a model's context. */
  int most(int promptLength, int contextLength) {
    int most = (int) Math.min(contextLength, (long) promptLength + maxNewTokens);
    return maxLength == 0 ? most : Math.min(most, maxLength);
  }
}
