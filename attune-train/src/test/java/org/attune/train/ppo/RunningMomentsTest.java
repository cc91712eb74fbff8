package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunningMomentsTest {
  @Test
  void before_any_score_the_mean_is_0_and_the_deviation_1() {
    RunningMoments moments = new RunningMoments();

    assertThat(moments.mean()).isZero();
    assertThat(moments.deviation()).isEqualTo(1);
  }

  @Test
  void merged_batches_have_the_moments_of_all_their_scores() {
    RunningMoments moments = new RunningMoments();

    moments.update(new double[] {1, 2, 3, 4});
    moments.update(new double[] {10, -2});

    // 1 + 2 + 3 + 4 + 10 − 2 = 18; Σ (x − 3)² = 4 + 1 + 0 + 1 + 49 + 25 = 80
    Tolerance.FLOAT32.check("mean", moments.mean(), 3);
    Tolerance.FLOAT32.check("deviation", moments.deviation(), 4);
  }

  @ParameterizedTest(name = "batches of {0}")
  @ValueSource(ints = {2, 3, 7, 50, 100})
  void how_scores_are_cut_into_batches_does_not_matter(int size) {
    double[] scores = IntStream.range(0, 100).mapToDouble(i -> Math.exp(i % 10)).toArray();
    RunningMoments moments = new RunningMoments();

    for (int from = 0; from < scores.length; from += size) {
      moments.update(Arrays.copyOfRange(scores, from, Math.min(scores.length, from + size)));
    }

    Tolerance.FLOAT32.check("mean", moments.mean(), Moments.mean(scores));
    Tolerance.FLOAT32.check(
        "deviation", moments.deviation(), Math.sqrt(Moments.unbiasedVariance(scores)));
  }

  @Test
  void follow_the_original_batch_by_batch() {
    RunningMoments moments = new RunningMoments();
    JsonNode batches = MathsGolden.open().values().get("running_moments");

    for (int i = 0; i < batches.size(); i++) {
      JsonNode expected = batches.get(i);
      double[] batch = new double[expected.get("batch").size()];
      Arrays.setAll(batch, j -> expected.get("batch").get(j).asDouble());
      moments.update(batch);

      String after = " after batch " + (i + 1);
      Tolerance.FLOAT32.check("mean" + after, moments.mean(), expected.get("mean").asDouble());
      Tolerance.FLOAT32.check(
          "deviation" + after, moments.deviation(), expected.get("std").asDouble());
    }
  }

  @Test
  void go_on_from_their_state_with_the_same_bits() {
    RunningMoments whole = new RunningMoments();
    whole.update(new double[] {0.1, 0.2, 0.7});
    RunningMoments resumed = new RunningMoments(whole.state());

    whole.update(new double[] {5, -1});
    resumed.update(new double[] {5, -1});

    assertThat(resumed.state()).isEqualTo(whole.state());
  }
}
