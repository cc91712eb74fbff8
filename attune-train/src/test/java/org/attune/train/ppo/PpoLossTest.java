package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoLossTest {
  private static final PpoLoss LOSS = new PpoLoss(0.2, 0.2, 0.1);

  private static PpoLoss.Old old(float logProb, float value, float advantage, float returned) {
    return new PpoLoss.Old(
        Tensor.vector(logProb),
        Tensor.vector(value),
        Tensor.vector(advantage),
        Tensor.vector(returned));
  }

  /** Where the policy gave the token {@code ratio} times its old probability. */
  private static PpoLoss.Result policy(double ratio, float advantage) {
    return LOSS.of(
        Tensor.vector((float) Math.log(ratio)), Tensor.vector(0), old(0, 0, advantage, 0), 1);
  }

  /** Where the critic said 0 and now says {@code value}. */
  private static PpoLoss.Result critic(float value, float returned) {
    return LOSS.of(Tensor.vector(0), Tensor.vector(value), old(0, 0, 0, returned), 1);
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class The_policy {
    @Test
    void that_has_not_changed_has_ratio_1_and_nothing_clipped() {
      TensorScope.use(
          () -> {
            PpoLoss.Sums sums = policy(1, 3).sums();

            assertThat(sums.ratio()).isEqualTo(1);
            assertThat(sums.clipped()).isZero();
            assertThat(sums.approximateKl()).isZero();
            assertThat(sums.policyKl()).isZero();
            assertThat(sums.policyLoss()).isEqualTo(-3);
          });
    }

    @Test
    void gains_no_more_from_a_good_token_than_the_clipped_ratio_gives() {
      TensorScope.use(
          () -> {
            Tolerance.FLOAT32.check("inside", policy(1.1, 2).sums().policyLoss(), -2.2);
            Tolerance.FLOAT32.check("beyond", policy(1.5, 2).sums().policyLoss(), -2.4);
            assertThat(policy(1.1, 2).sums().clipped()).isZero();
            assertThat(policy(1.5, 2).sums().clipped()).isEqualTo(1);
          });
    }

    @Test
    void gains_no_more_from_avoiding_a_bad_token_than_the_clipped_ratio_gives() {
      TensorScope.use(
          () -> {
            Tolerance.FLOAT32.check("beyond", policy(0.5, -2).sums().policyLoss(), 1.6);
            assertThat(policy(0.5, -2).sums().clipped()).isEqualTo(1);
          });
    }

    @Test
    void pays_in_full_for_a_step_in_the_wrong_direction() {
      TensorScope.use(
          () -> {
            Tolerance.FLOAT32.check("good, rarer", policy(0.5, 2).sums().policyLoss(), -1);
            Tolerance.FLOAT32.check("bad, likelier", policy(1.5, -2).sums().policyLoss(), 3);
            assertThat(policy(0.5, 2).sums().clipped()).isZero();
            assertThat(policy(1.5, -2).sums().clipped()).isZero();
          });
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class The_critic {
    @Test
    void has_half_the_squared_error_within_the_clip_range() {
      TensorScope.use(
          () -> {
            // ½ (0.1 − 1)²
            Tolerance.FLOAT32.check("value loss", critic(0.1f, 1).sums().valueLoss(), 0.405);
            assertThat(critic(0.1f, 1).sums().valueClipped()).isZero();
          });
    }

    @Test
    void gains_nothing_from_moving_further() {
      TensorScope.use(
          () -> {
            // ½ (0.2 − 1)², though 0.9 is nearer to 1
            Tolerance.FLOAT32.check("value loss", critic(0.9f, 1).sums().valueLoss(), 0.32);
            assertThat(critic(0.9f, 1).sums().valueClipped()).isEqualTo(1);
          });
    }
  }

  /**
   * Two responses of three tokens. Old log-probabilities −0.5, −2, −0.3 and −0.7, −1.2, −0.9,
   * values 0.2, −0.1, 0.3 and 0, 0.4, 0.1, and what ExperienceShaping makes of them.
   */
  @Test
  void two_responses_have_the_loss_of_the_original() {
    TensorScope.use(
        () -> {
          PpoLoss.Old old =
              new PpoLoss.Old(
                  Tensor.vector(-0.5f, -2, -0.3f, -0.7f, -1.2f, -0.9f),
                  Tensor.vector(0.2f, -0.1f, 0.3f, 0, 0.4f, 0.1f),
                  Tensor.vector(
                      0.806891f, 1.198256f, 0.660238f, -0.666351f, -1.131997f, -0.867038f),
                  Tensor.vector(1.02675f, 1.065f, 1, -0.44655f, -0.449f, -0.52f));

          PpoLoss.Result result =
              LOSS.of(
                  old.logProbs().plus(Tensor.vector(-0.3f, 0.25f, 0.05f, 0, 0.15f, -0.1f)),
                  old.values().plus(Tensor.vector(0.5f, -0.05f, 0.1f, 0.3f, -0.1f, 0.02f)),
                  old,
                  6);

          PpoLoss.Sums sums = result.sums();
          Tolerance.STATISTICS.check("policy", sums.policyLoss() / 6, 0.006053);
          Tolerance.STATISTICS.check("value", sums.valueLoss() / 6, 0.313082);
          Tolerance.STATISTICS.check("total", result.total().item(), 0.037361);
          Tolerance.STATISTICS.check("approximate KL", sums.approximateKl() / 6, 0.015625);
          Tolerance.STATISTICS.check("policy KL", sums.policyKl() / 6, -0.008333);
          Tolerance.STATISTICS.check("value error", sums.squaredError() / 6, 0.578488);
          assertThat(sums.clipped()).isEqualTo(1);
          assertThat(sums.valueClipped()).isEqualTo(1);
        });
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class The_original {
    private final MathsGolden golden = MathsGolden.open();

    private PpoLoss.Old old() {
      return new PpoLoss.Old(
          Tensor.vector(golden.unpaddedFloats("in.logprobs")),
          Tensor.vector(golden.unpaddedFloats("in.values")),
          Tensor.vector(golden.unpaddedFloats("gae.advantages")),
          Tensor.vector(golden.unpaddedFloats("gae.returns")));
    }

    @Test
    void has_the_same_statistics() {
      TensorScope.use(
          () -> {
            int tokens = golden.positions().length;
            PpoLoss.Result result =
                LOSS.of(
                    Tensor.vector(golden.unpaddedFloats("loss.current_logprobs")),
                    Tensor.vector(golden.unpaddedFloats("loss.predictions")),
                    old(),
                    tokens);

            JsonNode expected = golden.values().get("loss");
            PpoLoss.Sums sums = result.sums();
            check(expected, "loss/policy", sums.policyLoss() / tokens);
            check(expected, "loss/value", sums.valueLoss() / tokens);
            check(expected, "loss/total", result.total().item());
            check(expected, "policy/approxkl", sums.approximateKl() / tokens);
            check(expected, "policy/policykl", sums.policyKl() / tokens);
            check(expected, "policy/clipfrac", sums.clipped() / tokens);
            check(expected, "val/clipfrac", sums.valueClipped() / tokens);
            check(expected, "val/vpred", sums.values() / tokens);
            check(expected, "val/error", sums.squaredError() / tokens);
          });
    }

    private static void check(JsonNode expected, String name, double actual) {
      Tolerance.STATISTICS.check(name, actual, expected.get(name).asDouble());
    }

    @Test
    void has_the_same_gradients() {
      TensorScope.use(
          () -> {
            Tensor logProbs =
                Tensor.vector(golden.unpaddedFloats("loss.current_logprobs")).collectGradient();
            Tensor values =
                Tensor.vector(golden.unpaddedFloats("loss.predictions")).collectGradient();

            LOSS.of(logProbs, values, old(), golden.positions().length).total().backward();

            Tolerance.GRADIENTS.check(
                "log-probabilities",
                logProbs.gradient().toFloats(),
                golden.unpaddedFloats("grad.loss.current_logprobs"));
            Tolerance.GRADIENTS.check(
                "values",
                values.gradient().toFloats(),
                golden.unpaddedFloats("grad.loss.predictions"));
          });
    }
  }
}
