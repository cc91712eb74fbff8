package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.attune.model.generate.logits.TokenHistory;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class TokenSamplerTest {
  private static final int[] NONE = {};

  @Nested
  final class Probabilities {
    @Test
    void are_the_softmax_without_filters() {
      // e^2 + e^1 + e^0 + e^-1 + e^-2 = 11.61006
      assertProbabilities(
          plain(), logits(2, 1, 0, -1, -2), 0.6364086, 0.2341217, 0.0861285, 0.0316849, 0.0116562);
    }

    @Test
    void sharpen_with_a_temperature_below_1() {
      // (e^1)^2 / ((e^1)^2 + 1)
      assertProbabilities(plain().temperature(0.5), logits(1, 0), 0.8807971, 0.1192029);
    }

    @Test
    void belong_to_one_token_if_greedy_whatever_the_filters() {
      assertProbabilities(
          plain().temperature(0).topK(3).topP(0.5), logits(1, 3, 2, 3), 0.0, 1.0, 0.0, 0.0);
    }

    @Test
    void are_not_disturbed_by_large_logits() {
      assertProbabilities(plain(), logits(30_000, 30_000), 0.5, 0.5);
    }

    @Test
    void do_not_depend_on_the_row_before() {
      TokenSampler sampler = sampler(plain().topP(0.9).topK(3).repetitionPenalty(2).build(), 3);
      probabilities(sampler, logits(5, 1, 1), new int[] {0, 1}, NONE);

      assertThat(probabilities(sampler, logits(0, 0, 0), new int[] {2}, NONE))
          .containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0);
    }
  }

  @Nested
  final class Filters {
    @Test
    void top_k_keeps_the_likeliest_and_those_equal_to_the_last() {
      assertKept(plain().topK(2), logits(2, 1, 0, -1, -2), 0, 1);
      assertKept(plain().topK(2), logits(0, 2, 0, -1, 0), 0, 1, 2, 4);
      assertKept(plain().topK(9), logits(0, 2, 0), 0, 1, 2);
    }

    @Test
    void top_p_keeps_until_the_total_is_reached() {
      // .636 + .234 = .870 < .9; with .086 it is .956
      assertKept(plain().topP(0.9), logits(2, 1, 0, -1, -2), 0, 1, 2);
      assertKept(plain().topP(0.8), logits(2, 1, 0, -1, -2), 0, 1);
      assertKept(plain().topP(0.6), logits(2, 1, 0, -1, -2), 0);
    }

    @Test
    void top_p_keeps_at_least_the_likeliest() {
      assertKept(plain().topP(1e-9), logits(-1, 2, 1), 1);
    }

    @Test
    void top_p_of_almost_1_keeps_all() {
      assertKept(
          plain().topP(Math.nextDown(1.0)), logits(0, 0, 0, 0, 0, 0, 0), 0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void min_p_keeps_what_is_likely_next_to_the_likeliest() {
      // e^-2 = .135 of the likeliest, e^-3 = .050
      assertKept(plain().minP(0.1), logits(2, 1, 0, -1, -2), 0, 1, 2);
      assertKept(plain().minP(1), logits(2, 1, 0), 0);
    }

    @Test
    void work_on_what_the_one_before_left() {
      // of the two that top-k left, the likeliest has .731
      assertKept(plain().topK(2).topP(0.7), logits(2, 1, 0, -1, -2), 0);
    }

    @Test
    void agree_with_a_full_sort_over_a_large_vocabulary() {
      SplittableRandom random = new SplittableRandom(1);
      for (double topP : new double[] {0.1, 0.5, 0.9, 0.999}) {
        for (double spread : new double[] {0.1, 1, 5, 30}) {
          float[] logits = gaussian(random, 20_000, spread);
          double[] all =
              probabilities(sampler(plain().build(), 20_000), logits.clone(), NONE, NONE);

          int[] kept = kept(plain().topP(topP), logits.clone());

          int[] descending =
              IntStream.range(0, all.length)
                  .boxed()
                  .sorted((a, b) -> Double.compare(all[b], all[a]))
                  .mapToInt(Integer::intValue)
                  .toArray();
          int count = 0;
          for (double sum = 0; sum < topP; sum += all[descending[count++]]) {}
          assertThat(kept).isEqualTo(Arrays.stream(descending, 0, count).sorted().toArray());
        }
      }
    }
  }

  @Nested
  final class Tokens_so_far {
    @Test
    void are_penalized_once_whether_in_prompt_or_continuation() {
      TokenSampler sampler = sampler(plain().temperature(1).repetitionPenalty(2).build(), 4);
      float[] logits = logits(4, 4, -1, -1);

      probabilities(sampler, logits, new int[] {0, 0, 2}, new int[] {0});

      assertThat(logits).containsExactly(2, 4, -2, -1);
    }

    @Test
    void do_not_repeat_an_n_gram() {
      TokenSampler sampler = sampler(plain().temperature(0).noRepeatNgramSize(3).build(), 5);
      float[] logits = logits(9, 8, 7, 6, 5);

      // 1 2 0 and 1 2 1 have occurred, and 1 2 are the last two
      int token = next(sampler, logits, new int[] {1, 2, 0, 1, 2}, new int[] {1, 2}, noRandom());

      assertThat(token).isEqualTo(2);
    }

    @Test
    void do_not_repeat_at_all_with_n_grams_of_1() {
      TokenSampler sampler = sampler(plain().temperature(0).noRepeatNgramSize(1).build(), 4);

      assertThat(next(sampler, logits(9, 8, 7, 6), new int[] {0, 2}, new int[] {1}, noRandom()))
          .isEqualTo(3);
    }

    @Test
    void shorter_than_an_n_gram_forbid_nothing() {
      TokenSampler sampler = sampler(plain().temperature(0).noRepeatNgramSize(4).build(), 2);

      assertThat(next(sampler, logits(1, 0), new int[] {0, 0}, NONE, noRandom())).isZero();
      assertThat(next(sampler, logits(1, 0), NONE, NONE, noRandom())).isZero();
    }

    @Test
    void do_not_end_before_the_minimum() {
      SamplingConfig config = plain().temperature(0).minNewTokens(2).build();
      TokenSampler sampler = new TokenSampler(config, Set.of(0, 1, 99), 3);

      assertThat(next(sampler, logits(9, 8, 7), new int[] {2, 2, 2}, new int[] {2}, noRandom()))
          .isEqualTo(2);
      assertThat(next(sampler, logits(9, 8, 7), NONE, new int[] {2, 2}, noRandom())).isZero();
    }
  }

  @Nested
  final class Samples {
    @Test
    void follow_the_probabilities() {
      float[] logits = logits(2, 1, 0, -1, -2);
      TokenSampler sampler = sampler(plain().build(), 5);
      double[] probabilities = probabilities(sampler, logits.clone(), NONE, NONE);
      RandomGenerator random = TokenSampler.random(7, 0);
      int draws = 100_000;
      int[] counts = new int[5];

      for (int i = 0; i < draws; i++) {
        counts[next(sampler, logits, NONE, NONE, random)]++;
      }

      double chiSquare = 0;
      for (int id = 0; id < 5; id++) {
        double expected = draws * probabilities[id];
        chiSquare += Math.pow(counts[id] - expected, 2) / expected;
      }
      // the 99.9 % quantile with 4 degrees of freedom
      assertThat(chiSquare).isLessThan(18.47);
    }

    @Test
    void are_the_same_on_every_machine() {
      TokenSampler sampler = sampler(plain().build(), 1000);
      RandomGenerator random = TokenSampler.random(42, 3);

      int[] tokens =
          IntStream.range(0, 8)
              .map(i -> next(sampler, new float[1000], NONE, NONE, random))
              .toArray();

      assertThat(tokens).containsExactly(988, 106, 414, 901, 699, 445, 895, 795);
    }

    @Test
    void of_neighbouring_sequences_and_seeds_differ() {
      assertThat(
              IntStream.range(0, 1000)
                  .mapToLong(i -> TokenSampler.random(i / 10, i % 10).nextLong())
                  .distinct())
          .hasSize(1000);
    }

    @Test
    void never_pick_a_filtered_token() {
      TokenSampler sampler = sampler(plain().topK(1).build(), 4);

      for (int i = 0; i < 1000; i++) {
        assertThat(next(sampler, logits(0, 0.1f, 0, 0), NONE, NONE, TokenSampler.random(i, 0)))
            .isEqualTo(1);
      }
    }

    @Test
    void of_a_vocabulary_of_one_are_that_one() {
      assertThat(next(sampler(plain().topP(0.5).build(), 1), logits(3), NONE, NONE, noRandom()))
          .isZero();
    }
  }

  @Nested
  final class Unusable_logits {
    @Test
    void name_the_token_and_the_way_out() {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (double temperature : new double[] {0, 1}) {
          TokenSampler sampler = sampler(plain().temperature(temperature).build(), 3);

          assertThatThrownBy(() -> next(sampler, logits(0, bad, 1), NONE, NONE, noRandom()))
              .isInstanceOf(NonFiniteLogitsException.class)
              .hasMessageContainingAll("logit " + bad, "token 1", "earlier checkpoint");
        }
      }
    }

    @Test
    void may_come_of_forbidding_every_token() {
      TokenSampler sampler = sampler(plain().noRepeatNgramSize(1).build(), 2);

      assertThatThrownBy(() -> next(sampler, logits(0, 1), new int[] {0, 1}, NONE, noRandom()))
          .isInstanceOf(NonFiniteLogitsException.class)
          .hasMessageContainingAll("no-repeat-ngram-size 1", "Loosen");
    }
  }

  private static SamplingConfig.Builder plain() {
    return SamplingConfig.builder();
  }

  private static TokenSampler sampler(SamplingConfig config, int vocabularySize) {
    return new TokenSampler(config, Set.of(), vocabularySize);
  }

  private static int next(
      TokenSampler sampler, float[] logits, int[] prompt, int[] written, RandomGenerator random) {
    return sampler.next(logits, history(prompt, written), random);
  }

  private static double[] probabilities(
      TokenSampler sampler, float[] logits, int[] prompt, int[] written) {
    return sampler.probabilities(logits, history(prompt, written));
  }

  private static TokenHistory history(int[] prompt, int[] written) {
    TokenHistory history = new TokenHistory(prompt, Integer.MAX_VALUE);
    for (int token : written) {
      history.add(token);
    }
    return history;
  }

  private static float[] logits(float... logits) {
    return logits;
  }

  private static RandomGenerator noRandom() {
    return TokenSampler.random(0, 0);
  }

  private static float[] gaussian(SplittableRandom random, int count, double spread) {
    float[] logits = new float[count];
    for (int i = 0; i < count; i++) {
      logits[i] = (float) (spread * random.nextGaussian());
    }
    return logits;
  }

  private static void assertProbabilities(
      SamplingConfig.Builder config, float[] logits, double... expected) {
    TokenSampler sampler = sampler(config.build(), logits.length);
    Tolerance.FLOAT32.check("probabilities", probabilities(sampler, logits, NONE, NONE), expected);
  }

  private static void assertKept(SamplingConfig.Builder config, float[] logits, int... expected) {
    assertThat(kept(config, logits)).containsExactly(expected);
  }

  private static int[] kept(SamplingConfig.Builder config, float[] logits) {
    double[] probabilities =
        probabilities(sampler(config.build(), logits.length), logits, NONE, NONE);
    return IntStream.range(0, probabilities.length).filter(id -> probabilities[id] > 0).toArray();
  }
}
