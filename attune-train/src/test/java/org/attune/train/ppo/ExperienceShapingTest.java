package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.attune.run.ppo.PpoConfig;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExperienceShapingTest {
  /** Old and reference log-probabilities −0.5, −2, −0.3 and −0.4, −1.5, −0.3; and so on. */
  private static final List<Rollout> ROLLOUTS =
      List.of(
          rollout(new double[] {-0.1, -0.5, 0}, 0.2, -0.1, 0.3),
          rollout(new double[] {0.3, -0.2, 0.1}, 0, 0.4, 0.1));

  private static final List<double[]> SCORES =
      List.of(new double[] {0, 0, 1}, new double[] {0, 0, -0.5});

  private static Rollout rollout(double[] kl, double... values) {
    int length = kl.length;
    Exchange exchange = new Exchange(new int[] {1}, new int[length]);
    return new Rollout(exchange, new double[length], new double[length], kl, values);
  }

  private static List<Experience> shaped(
      List<Rollout> rollouts, List<double[]> scores, UnaryOperator<PpoConfig.Builder> settings) {
    PpoConfig config =
        settings.apply(PpoConfig.builder().runDir(Path.of("runs/shaping")).model("model")).build();
    return new ExperienceShaping(config).of(rollouts, scores, 0.2);
  }

  private static double[] all(List<Experience> experiences, Function<Experience, double[]> tokens) {
    return ExperienceShaping.joined(experiences.stream().map(tokens).toList());
  }

  @Test
  void each_token_pays_for_its_kl_and_the_last_one_also_has_the_score() {
    List<Experience> experiences = shaped(ROLLOUTS, SCORES, c -> c);

    // −0.2 · −0.1, −0.2 · −0.5, 1; −0.2 · 0.3, −0.2 · −0.2, −0.2 · 0.1 − 0.5
    Tolerance.FLOAT32.check(
        "rewards",
        all(experiences, Experience::rewards),
        new double[] {0.02, 0.1, 1, -0.06, 0.04, -0.52});
  }

  @Test
  void a_token_score_goes_to_its_token() {
    List<Experience> experiences =
        shaped(ROLLOUTS, List.of(new double[] {1, 2, 3}, new double[] {0, 5, 0}), c -> c);

    Tolerance.FLOAT32.check(
        "rewards",
        all(experiences, Experience::rewards),
        new double[] {1.02, 2.1, 3, -0.06, 5.04, -0.02});
  }

  @Test
  void returns_are_advantages_before_whitening_plus_values() {
    List<Experience> experiences = shaped(ROLLOUTS, SCORES, c -> c);

    for (int i = 0; i < 2; i++) {
      Experience experience = experiences.get(i);
      double[] values = experience.rollout().values();
      double[] advantages = Gae.advantages(experience.rewards(), values, 1, 0.95);
      double[] expected =
          IntStream.range(0, 3).mapToDouble(t -> advantages[t] + values[t]).toArray();
      Tolerance.FLOAT32.check("returns", experience.returns(), expected);
    }
  }

  @Test
  void advantages_have_mean_0_and_variance_1_over_the_batch() {
    double[] advantages = all(shaped(ROLLOUTS, SCORES, c -> c), Experience::advantages);

    Tolerance.FLOAT32.check("mean", Moments.mean(advantages), 0);
    Tolerance.FLOAT32.check("variance", Moments.unbiasedVariance(advantages), 1);
  }

  @Test
  void responses_may_differ_in_length() {
    List<Experience> experiences =
        shaped(
            List.of(rollout(new double[1], 0), rollout(new double[4], 0, 0, 0, 0)),
            List.of(new double[] {1}, new double[] {0, 0, 0, 1}),
            c -> c);

    assertThat(experiences.get(0).advantages()).hasSize(1);
    assertThat(experiences.get(1).returns()).hasSize(4);
  }

  @Test
  void whitened_rewards_have_variance_1_and_keep_their_mean() {
    double[] plain = all(shaped(ROLLOUTS, SCORES, c -> c), Experience::rewards);
    double[] whitened =
        all(shaped(ROLLOUTS, SCORES, c -> c.whitenRewards(true)), Experience::rewards);

    Tolerance.FLOAT32.check("mean", Moments.mean(whitened), Moments.mean(plain));
    Tolerance.FLOAT32.check("variance", Moments.unbiasedVariance(whitened), 1);
  }

  @Test
  void padding_leaks_into_whitened_rewards_only_where_parity_is_asked_for() {
    List<Rollout> uneven =
        List.of(rollout(new double[1], 0.5), rollout(new double[3], 0.1, 0.2, 0.3));
    List<double[]> scores = List.of(new double[] {1}, new double[] {0, 0, 1});

    double[] own = shaped(uneven, scores, c -> c.whitenRewards(true)).get(0).returns();
    double[] original =
        shaped(uneven, scores, c -> c.whitenRewards(true).training(t -> t.parity(true)))
            .get(0)
            .returns();

    // rewards 1, 0, 0, 1: mean 0.5, variance 1/3; a filler is 0.5 − 0.5 √3 and counts 0.95 + 0.95²
    double filler = 0.5 - 0.5 * Math.sqrt(3);
    Tolerance.FLOAT32.check("leak", original[0] - own[0], filler * (0.95 + 0.95 * 0.95));
  }

  @Test
  void follows_the_original() {
    MathsGolden golden = MathsGolden.open();
    double[] scores = golden.all("in.scores");
    List<Rollout> rollouts = new ArrayList<>();
    List<double[]> tokenScores = new ArrayList<>();
    for (int row = 0; row < MathsGolden.ROWS; row++) {
      double[] kl = golden.unpadded("kl.penalties", row);
      rollouts.add(rollout(kl, golden.unpadded("in.values", row)));
      double[] ofTokens = new double[kl.length];
      ofTokens[kl.length - 1] = scores[row];
      tokenScores.add(ofTokens);
    }

    List<Experience> experiences = shaped(rollouts, tokenScores, c -> c);

    Tolerance.STATISTICS.check(
        "rewards", all(experiences, Experience::rewards), golden.unpadded("kl.rewards"));
    Tolerance.STATISTICS.check(
        "returns", all(experiences, Experience::returns), golden.unpadded("gae.returns"));
    Tolerance.STATISTICS.check(
        "advantages", all(experiences, Experience::advantages), golden.unpadded("gae.advantages"));
  }
}
