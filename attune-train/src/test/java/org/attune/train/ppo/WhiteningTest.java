package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WhiteningTest {
  private static final double[] NUMBERS = {1, 2, 4, 9};

  @Test
  void centred_numbers_have_mean_0_and_variance_1() {
    double[] whitened = Whitening.CENTRED.of(NUMBERS);

    Tolerance.FLOAT32.check("mean", Moments.mean(whitened), 0);
    Tolerance.FLOAT32.check("variance", Moments.unbiasedVariance(whitened), 1);
  }

  @Test
  void keep_mean_changes_the_variance_alone() {
    double[] whitened = Whitening.KEEP_MEAN.of(NUMBERS);

    Tolerance.FLOAT32.check("mean", Moments.mean(whitened), 4);
    Tolerance.FLOAT32.check("variance", Moments.unbiasedVariance(whitened), 1);
  }

  @Test
  void two_numbers_become_plus_and_minus_the_root_of_one_half() {
    double root = Math.sqrt(0.5);

    Tolerance.FLOAT32.check(
        "whitened", Whitening.CENTRED.of(new double[] {10, 30}), new double[] {-root, root});
  }

  @Test
  void equal_numbers_become_0_and_not_infinite() {
    Tolerance.EXACT.check("whitened", Whitening.CENTRED.of(new double[] {3, 3, 3}), new double[3]);
  }

  @ParameterizedTest
  @EnumSource(Whitening.class)
  void one_number_has_no_variance(Whitening whitening) {
    assertThatThrownBy(() -> whitening.of(new double[] {3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Whitening needs at least 2 response tokens but there was 1. Use larger batches.");
  }

  @Test
  void follows_the_original_over_the_tokens_that_are_not_padding() {
    MathsGolden golden = MathsGolden.open();
    double[] values = golden.unpadded("in.values");

    Tolerance.FLOAT32.check(
        "centred", Whitening.CENTRED.of(values), golden.unpadded("masked_whiten"));
    Tolerance.FLOAT32.check(
        "mean kept", Whitening.KEEP_MEAN.of(values), golden.unpadded("masked_whiten.keep_mean"));
  }
}
