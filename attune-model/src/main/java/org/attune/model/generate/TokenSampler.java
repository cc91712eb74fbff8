package org.attune.model.generate;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.attune.model.generate.logits.TokenDistribution;
import org.attune.model.generate.logits.TokenHistory;

/**
 * Chooses the next token from a row of logits, after all rules of a configuration; their order is
 * that of {@link LogitsRules}.
 *
 * <p>A sampler reuses its buffers, so each thread needs its own.
 */
public final class TokenSampler {
  private final SamplingConfig config;
  private final LogitsRules rules;
  private final int vocabularySize;

  /**
   * @param endIds tokens that end a sequence, forbidden before the minimum of new tokens
   * @throws InvalidSamplingException if a rule names a token that the vocabulary does not have
   */
  public TokenSampler(SamplingConfig config, Set<Integer> endIds, int vocabularySize) {
    this.config = config;
    this.vocabularySize = vocabularySize;
    rules = new LogitsRules(config, endIds, vocabularySize);
  }

  /**
   * A source of chance for one of several sequences: the same numbers for the same seed and index,
   * on every machine, whatever happens to the other sequences.
   */
  public static RandomGenerator random(long seed, int index) {
    return new SplittableRandom(mixed(mixed(seed) + index));
  }

  /** A number in [0, 1) of 53 bits, computed here so that no JDK can change a sample. */
  static double uniform(RandomGenerator random) {
    return (random.nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * Chooses a token.
   *
   * @param logits of the whole vocabulary; may be changed
   * @param history the ids before
   * @throws NonFiniteLogitsException if a logit is NaN or infinite, or every token is forbidden
   */
  public int next(float[] logits, TokenHistory history, RandomGenerator random) {
    int likeliest = process(logits, history);
    return config.isGreedy() ? likeliest : rules.distribution(logits).at(uniform(random));
  }

  /**
   * The probabilities {@link #next} draws from; one token has all of it if greedy.
   *
   * @param logits as for {@link #next}; may be changed
   */
  double[] probabilities(float[] logits, TokenHistory history) {
    int likeliest = process(logits, history);
    double[] probabilities = new double[vocabularySize];
    if (config.isGreedy()) {
      probabilities[likeliest] = 1;
      return probabilities;
    }
    TokenDistribution distribution = rules.distribution(logits);
    for (int id = 0; id < vocabularySize; id++) {
      probabilities[id] = distribution.probability(id);
    }
    return probabilities;
  }

  private int process(float[] logits, TokenHistory history) {
    if (logits.length != vocabularySize) {
      throw new IllegalArgumentException(
          "%d logits for a vocabulary of %d tokens.".formatted(logits.length, vocabularySize));
    }
    NonFiniteLogitsException.requireFinite(logits);
    return rules.process(logits, history);
  }

  /** Spreads neighbouring numbers over all 64 bits (Stafford's variant 13 of MurmurHash3's end). */
  private static long mixed(long number) {
    long bits = number;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return bits ^ (bits >>> 31);
  }
}
