package org.attune.model.generate;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Chooses the next token from a row of logits. In this order, as in transformers: repetition
 * penalty, forbidden n-grams, forbidden end before the minimum, temperature, top-k, top-p, min-p.
 *
 * <p>A sampler reuses its buffers, so each thread needs its own.
 */
public final class TokenSampler {
  private final SamplingConfig config;
  private final int[] endIds;
  private final Nucleus nucleus = new Nucleus();
  private final double[] weights;
  private final boolean[] occurred;

  /**
   * @param endIds tokens that end a sequence, forbidden before the minimum of new tokens
   */
  public TokenSampler(SamplingConfig config, Set<Integer> endIds, int vocabularySize) {
    this.config = config;
    // some models name end tokens that they have no logit for
    this.endIds =
        endIds.stream().mapToInt(Integer::intValue).filter(id -> id < vocabularySize).toArray();
    this.weights = new double[vocabularySize];
    this.occurred = new boolean[vocabularySize];
  }

  /**
   * A source of chance for one of several sequences: the same numbers for the same seed and index,
   * on every machine, whatever happens to the other sequences.
   */
  public static RandomGenerator random(long seed, int index) {
    return new SplittableRandom(mixed(mixed(seed) + index));
  }

  /**
   * Chooses a token.
   *
   * @param logits of the whole vocabulary; may be changed
   * @param prompt the ids before the continuation
   * @param written the ids of the continuation so far
   * @throws NonFiniteLogitsException if a logit is NaN or infinite, or every token is forbidden
   */
  public int next(float[] logits, int[] prompt, int[] written, RandomGenerator random) {
    int likeliest = process(logits, prompt, written);
    if (config.isGreedy()) {
      return likeliest;
    }
    double total = weigh(logits, logits[likeliest]);
    // 53 bits, computed here so that no JDK's nextDouble can change a sample
    double point = (random.nextLong() >>> 11) * 0x1p-53 * total;
    double sum = 0;
    for (int id = 0; id < weights.length; id++) {
      sum += weights[id];
      if (sum > point) {
        return id;
      }
    }
    return likeliest; // rounding: the point fell on the very end
  }

  /**
   * The probabilities {@link #next} draws from; one token has all of it if greedy.
   *
   * @param logits as for {@link #next}; may be changed
   */
  double[] probabilities(float[] logits, int[] prompt, int[] written) {
    int likeliest = process(logits, prompt, written);
    double[] probabilities = new double[weights.length];
    if (config.isGreedy()) {
      probabilities[likeliest] = 1;
      return probabilities;
    }
    double total = weigh(logits, logits[likeliest]);
    Arrays.setAll(probabilities, id -> weights[id] / total);
    return probabilities;
  }

  /** Applies what changes logits by the tokens so far; returns the likeliest token. */
  private int process(float[] logits, int[] prompt, int[] written) {
    if (logits.length != weights.length) {
      throw new IllegalArgumentException(
          "%d logits for a vocabulary of %d tokens.".formatted(logits.length, weights.length));
    }
    requireFinite(logits);
    if (config.repetitionPenalty() != 1) {
      penalize(logits, prompt);
      penalize(logits, written);
      forget(prompt);
      forget(written);
    }
    if (config.noRepeatNgramSize() > 0) {
      forbidRepetition(logits, prompt, written);
    }
    if (written.length < config.minNewTokens()) {
      for (int id : endIds) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
    int likeliest = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[likeliest]) {
        likeliest = id;
      }
    }
    if (logits[likeliest] == Float.NEGATIVE_INFINITY) {
      throw new NonFiniteLogitsException(
          ("Every token is forbidden after %d new tokens, by no-repeat-ngram-size %d or"
                  + " min-new-tokens %d. Loosen them.")
              .formatted(written.length, config.noRepeatNgramSize(), config.minNewTokens()));
    }
    return likeliest;
  }

  private static void requireFinite(float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      if (!Float.isFinite(logits[id])) {
        throw new NonFiniteLogitsException(
            ("The model gave the logit %s for token %d; logits must be finite. Its weights have"
                    + " diverged or are damaged: use an earlier checkpoint, or train with a lower"
                    + " learning rate.")
                .formatted(logits[id], id));
      }
    }
  }

  private void penalize(float[] logits, int[] ids) {
    float penalty = (float) config.repetitionPenalty();
    for (int id : ids) {
      if (!occurred[id]) {
        occurred[id] = true;
        logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
      }
    }
  }

  private void forget(int[] ids) {
    for (int id : ids) {
      occurred[id] = false;
    }
  }

  private void forbidRepetition(float[] logits, int[] prompt, int[] written) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + written.length);
    System.arraycopy(written, 0, ids, prompt.length, written.length);
    int prefix = config.noRepeatNgramSize() - 1;
    int last = ids.length - prefix;
    for (int start = 0; start < last; start++) {
      if (Arrays.equals(ids, start, start + prefix, ids, last, ids.length)) {
        logits[ids[start + prefix]] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** Sets each token's weight, relative to the likeliest's 1, or 0 if filtered; returns the sum. */
  private double weigh(float[] logits, float max) {
    double sharpness = 1 / config.temperature();
    float least =
        config.topK() > 0 ? LargestLogits.smallestOf(config.topK(), logits) : -Float.MAX_VALUE;
    double total = 0;
    for (int id = 0; id < weights.length; id++) {
      double weight = logits[id] < least ? 0 : Math.exp((logits[id] - max) * sharpness);
      weights[id] = weight;
      total += weight;
    }
    if (config.topP() < 1) {
      total = nucleus.keep(weights, total, config.topP());
    }
    if (config.minP() > 0) {
      total = 0;
      for (int id = 0; id < weights.length; id++) {
        if (weights[id] < config.minP()) {
          weights[id] = 0;
        }
        total += weights[id];
      }
    }
    return total;
  }

  /** Spreads neighbouring numbers over all 64 bits (Stafford's variant 13 of MurmurHash3's end). */
  private static long mixed(long number) {
    long bits = number;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return bits ^ (bits >>> 31);
  }
}
