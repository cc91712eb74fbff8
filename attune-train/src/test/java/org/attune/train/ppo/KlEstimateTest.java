package org.attune.train.ppo;

import org.attune.run.ppo.KlPenalty;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KlEstimateTest {
  private static final int VOCABULARY = 30;

  /** What a policy gives a vocabulary that holds nothing but the sampled token. */
  private static PolicyPass sampled(float... logProbs) {
    int count = logProbs.length;
    return new PolicyPass(
        Tensor.zeros(count, 1), Tensor.of(logProbs, count, 1), Tensor.of(new int[count], count, 1));
  }

  private static PolicyPass distribution(float... probabilities) {
    return new PolicyPass(
        Tensor.zeros(1, 1),
        Tensor.of(probabilities, 1, probabilities.length).log(),
        Tensor.of(new int[1], 1, 1));
  }

  private static void check(
      KlPenalty penalty, PolicyPass policy, PolicyPass reference, float... expected) {
    Tolerance.STATISTICS.check(
        penalty.toString(), KlEstimate.of(penalty, policy, reference).toFloats(), expected);
  }

  @Test
  void kl_is_the_log_ratio() {
    TensorScope.use(
        () ->
            check(
                KlPenalty.KL,
                sampled(0.5f, 0.2f, 0.1f),
                sampled(0.7f, 0.1f, 0.3f),
                -0.2f,
                0.1f,
                -0.2f));
  }

  @Test
  void abs_is_its_absolute_value() {
    TensorScope.use(
        () ->
            check(
                KlPenalty.ABS,
                sampled(0.5f, 0.2f, 0.1f),
                sampled(0.7f, 0.1f, 0.3f),
                0.2f,
                0.1f,
                0.2f));
  }

  @Test
  void mse_is_half_its_square() {
    TensorScope.use(
        () ->
            check(
                KlPenalty.MSE,
                sampled(0.5f, 0.2f, 0.1f),
                sampled(0.7f, 0.1f, 0.3f),
                0.02f,
                0.005f,
                0.02f));
  }

  @Test
  void full_compares_whole_distributions() {
    // 0.98 (ln 0.98 − ln 0.01) + 0.01 · 0 + 0.01 (ln 0.01 − ln 0.98) = 0.97 ln 98
    float first = (float) (0.97 * Math.log(98));
    // 2 · 0.49 (ln 0.49 − ln 0.01) + 0.02 (ln 0.02 − ln 0.98) = 0.98 ln 49 − 0.02 ln 49
    float second = (float) (0.96 * Math.log(49));
    TensorScope.use(
        () -> {
          check(
              KlPenalty.FULL,
              distribution(0.98f, 0.01f, 0.01f),
              distribution(0.01f, 0.01f, 0.98f),
              first);
          check(
              KlPenalty.FULL,
              distribution(0.49f, 0.02f, 0.49f),
              distribution(0.01f, 0.98f, 0.01f),
              second);
        });
  }

  @ParameterizedTest
  @EnumSource(KlPenalty.class)
  void a_policy_that_is_its_reference_is_not_penalised(KlPenalty penalty) {
    TensorScope.use(
        () -> check(penalty, distribution(0.2f, 0.3f, 0.5f), distribution(0.2f, 0.3f, 0.5f), 0));
  }

  @ParameterizedTest
  @CsvSource({"KL, kl", "ABS, abs", "MSE, mse"})
  void follows_the_original(KlPenalty penalty, String name) {
    MathsGolden golden = MathsGolden.open();

    TensorScope.use(
        () ->
            check(
                penalty,
                sampled(golden.unpaddedFloats("in.logprobs")),
                sampled(golden.unpaddedFloats("in.ref_logprobs")),
                golden.unpaddedFloats(name + ".penalties")));
  }

  @Test
  void full_follows_the_original_over_a_vocabulary() {
    MathsGolden golden = MathsGolden.open();

    TensorScope.use(
        () ->
            check(
                KlPenalty.FULL,
                logits(golden.allFloats("in.logits")),
                logits(golden.allFloats("in.ref_logits")),
                golden.allFloats("full.penalties")));
  }

  private static PolicyPass logits(float[] logits) {
    int count = logits.length / VOCABULARY;
    return new PolicyPass(
        Tensor.zeros(count, 1),
        Tensor.of(logits, count, VOCABULARY).logSoftmax(),
        Tensor.of(new int[count], count, 1));
  }
}
