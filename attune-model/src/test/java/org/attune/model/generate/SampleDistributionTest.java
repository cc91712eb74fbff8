package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.attune.model.generate.logits.TokenHistory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Draws follow the exact softmax of what a filter leaves, by Pearson's chi-square test. The
 * expected probabilities are computed here from the definition of each filter, with a sort and no
 * shortcut.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class SampleDistributionTest {
  private static final int TOKENS = 24;
  private static final int DRAWS = 60_000;

  /** Standard deviations above the mean of χ² that chance exceeds about once in 10,000 tests. */
  private static final double RARE = 4.5;

  private final float[] logits = logits();

  @Test
  void without_a_filter() {
    requireDrawn(sampling -> sampling, softmax(1));
  }

  @Test
  void at_another_temperature() {
    requireDrawn(sampling -> sampling.temperature(1.7), softmax(1.7));
  }

  @Test
  void of_the_k_likeliest() {
    double[] all = softmax(1);
    requireDrawn(sampling -> sampling.topK(6), kept(all, id -> rank(all, id) < 6));
  }

  @Test
  void of_the_likeliest_up_to_p() {
    double[] all = softmax(1);
    requireDrawn(sampling -> sampling.topP(0.7), kept(all, id -> likelier(all, id) < 0.7));
  }

  @Test
  void of_those_near_the_likeliest() {
    double[] all = softmax(1);
    double largest = all[ranked(all, 0)];
    requireDrawn(sampling -> sampling.minP(0.2), kept(all, id -> all[id] >= 0.2 * largest));
  }

  @Test
  void of_those_above_a_probability() {
    double[] all = softmax(1);
    requireDrawn(sampling -> sampling.epsilonCutoff(0.03), kept(all, id -> all[id] >= 0.03));
  }

  @Test
  void of_the_typical_ones() {
    double[] all = softmax(1);
    double entropy = 0;
    for (double probability : all) {
      entropy -= probability * Math.log(probability);
    }
    double[] closeness = new double[TOKENS];
    for (int id = 0; id < TOKENS; id++) {
      closeness[id] = -Math.abs(-Math.log(all[id]) - entropy);
    }
    requireDrawn(
        sampling -> sampling.typicalP(0.5),
        kept(
            all,
            id -> {
              double closer = 0;
              for (int other = 0; other < TOKENS; other++) {
                closer += closeness[other] > closeness[id] ? all[other] : 0;
              }
              return closer < 0.5;
            }));
  }

  @Test
  void a_filter_that_keeps_one_token_too_many_is_found() {
    double[] all = softmax(1);
    double[] six = kept(all, id -> rank(all, id) < 6);

    assertThat(deviation(sampling -> sampling.topK(7), six)).isGreaterThan(RARE);
    assertThat(deviation(sampling -> sampling.topK(5), six)).isGreaterThan(RARE);
    assertThat(deviation(sampling -> sampling.temperature(1.1), all)).isGreaterThan(RARE);
  }

  private void requireDrawn(UnaryOperator<SamplingConfig.Builder> settings, double[] expected) {
    assertThat(deviation(settings, expected)).isLessThan(RARE);
  }

  /** How many of its standard deviations χ² is above its mean; infinite for an impossible draw. */
  private double deviation(UnaryOperator<SamplingConfig.Builder> settings, double[] expected) {
    SamplingConfig config = settings.apply(SamplingConfig.builder()).build();
    TokenSampler sampler = new TokenSampler(config, Set.of(), TOKENS);
    TokenHistory history = new TokenHistory(new int[] {0}, 2);
    RandomGenerator random = TokenSampler.random(11, 0);
    int[] counts = new int[TOKENS];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.next(logits.clone(), history, random)]++;
    }
    double chiSquare = 0;
    int freedom = -1;
    for (int id = 0; id < TOKENS; id++) {
      if (expected[id] > 0) {
        double mean = DRAWS * expected[id];
        chiSquare += (counts[id] - mean) * (counts[id] - mean) / mean;
        freedom++;
      } else if (counts[id] > 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return (chiSquare - freedom) / Math.sqrt(2.0 * freedom);
  }

  private interface Rule {
    boolean keeps(int id);
  }

  private static double[] kept(double[] all, Rule rule) {
    double[] kept = new double[TOKENS];
    double sum = 0;
    for (int id = 0; id < TOKENS; id++) {
      kept[id] = rule.keeps(id) ? all[id] : 0;
      sum += kept[id];
    }
    for (int id = 0; id < TOKENS; id++) {
      kept[id] /= sum;
    }
    return kept;
  }

  private double[] softmax(double temperature) {
    double[] probabilities = new double[TOKENS];
    double sum = 0;
    for (int id = 0; id < TOKENS; id++) {
      probabilities[id] = Math.exp(logits[id] / temperature);
      sum += probabilities[id];
    }
    for (int id = 0; id < TOKENS; id++) {
      probabilities[id] /= sum;
    }
    return probabilities;
  }

  private static int rank(double[] all, int id) {
    int rank = 0;
    for (double other : all) {
      rank += other > all[id] ? 1 : 0;
    }
    return rank;
  }

  private static int ranked(double[] all, int rank) {
    for (int id = 0; id < TOKENS; id++) {
      if (rank(all, id) == rank) {
        return id;
      }
    }
    throw new AssertionError("No token has the rank " + rank);
  }

  /** The probability of all tokens that are likelier than this one. */
  private static double likelier(double[] all, int id) {
    double sum = 0;
    for (double other : all) {
      sum += other > all[id] ? other : 0;
    }
    return sum;
  }

  private static float[] logits() {
    SplittableRandom random = new SplittableRandom(5);
    float[] logits = new float[TOKENS];
    for (int id = 0; id < TOKENS; id++) {
      logits[id] = (float) (1.3 * random.nextGaussian());
    }
    return logits;
  }
}
