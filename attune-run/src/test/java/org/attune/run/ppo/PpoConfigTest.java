package org.attune.run.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.attune.run.AdapterConfig;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.OptimizerType;
import org.attune.run.ScheduleType;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoConfigTest {

  private static PpoConfig.Builder smallest() {
    return PpoConfig.builder().runDir(Path.of("runs/p")).model("m");
  }

  private static void assertProblem(UnaryOperator<PpoConfig.Builder> change, String problem) {
    assertThatThrownBy(() -> change.apply(smallest()).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("1 problem in")
        .hasMessageContaining(problem);
  }

  @Test
  void defaults_are_those_of_the_classic_trainer() {
    PpoConfig config = smallest().build();

    assertThat(config.training().batchSize()).isEqualTo(128);
    assertThat(config.training().dropLast()).isTrue();
    assertThat(config.training().maxGradNorm()).isZero();
    assertThat(config.training().epochs()).isEqualTo(1);
    assertThat(config.optimizer().type()).isEqualTo(OptimizerType.ADAM);
    assertThat(config.optimizer().learningRate()).isEqualTo(1.41e-5);
    assertThat(config.schedule().type()).isEqualTo(ScheduleType.CONSTANT);
    assertThat(config)
        .isEqualTo(
            new PpoConfig(
                Path.of("runs/p"),
                "m",
                null,
                config.data(),
                config.training(),
                config.optimizer(),
                config.schedule(),
                AdapterConfig.builder().build(),
                null,
                128,
                4,
                0.2,
                KlControl.ADAPTIVE,
                6,
                10_000,
                KlPenalty.KL,
                1,
                0.95,
                0.2,
                0.2,
                0.1,
                false,
                false,
                false,
                null,
                false,
                1,
                null,
                10,
                null,
                null,
                null,
                53,
                null,
                1,
                0,
                1,
                null));
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertProblem(
        b -> b.rewardModel(" "), "ppo.reward-model must not be blank but was \" \". Name");
    assertProblem(b -> b.miniBatchSize(0), "ppo.mini-batch-size must be > 0 but was 0. Use a div");
    assertProblem(b -> b.ppoEpochs(0), "ppo.ppo-epochs must be > 0 but was 0. 4 is usual.");
    assertProblem(
        b -> b.initKlCoefficient(-1), "ppo.init-kl-coefficient must be >= 0 but was -1.0");
    assertProblem(b -> b.target(0), "ppo.target must be > 0 but was 0.0. 6 is usual.");
    assertProblem(b -> b.horizon(0), "ppo.horizon must be > 0 but was 0.0. 10000 is usual.");
    assertProblem(b -> b.gamma(1.1), "ppo.gamma must be in [0, 1] but was 1.1. 1 is usual");
    assertProblem(b -> b.lambda(-0.1), "ppo.lambda must be in [0, 1] but was -0.1. 0.95 is");
    assertProblem(b -> b.clipRange(0), "ppo.clip-range must be > 0 but was 0.0. 0.2 is usual.");
    assertProblem(b -> b.clipRangeValue(0), "ppo.clip-range-value must be > 0 but was 0.0. 0.2");
    assertProblem(b -> b.valueCoefficient(-1), "ppo.value-coefficient must be >= 0 but was -1.0");
    assertProblem(
        b -> b.scoreNorm(true),
        "ppo.score-norm must be false without ppo.score-scaling but was true. Set ppo.score-scal");
    assertProblem(b -> b.scoreClip(0.0), "ppo.score-clip must be > 0 but was 0.0. Leave it out");
    assertProblem(b -> b.targetKl(0), "ppo.target-kl must be > 0 but was 0.0. 1 is usual.");
    assertProblem(b -> b.stopAtKl(0.0), "ppo.stop-at-kl must be > 0 but was 0.0. Leave it out");
    assertProblem(b -> b.ratioThreshold(0), "ppo.ratio-threshold must be > 0 but was 0.0. 10 is");
    assertProblem(b -> b.rewardMean(Double.NaN), "ppo.reward-mean must be a finite number but was");
    assertProblem(b -> b.rewardStd(0.0), "ppo.reward-std must be > 0 but was 0.0. Use the");
    assertProblem(
        b -> b.missingEosPenalty(-1.0), "ppo.missing-eos-penalty must be >= 0 but was -1");
    assertProblem(b -> b.maxNewTokens(0), "ppo.max-new-tokens must be > 0 but was 0. 16 to 256");
    assertProblem(
        b -> b.minNewTokens(54),
        "ppo.min-new-tokens must be > 0 and at most ppo.max-new-tokens (53) but was 54. Leave it");
    assertProblem(b -> b.temperature(0), "ppo.temperature must be > 0 but was 0.0. 1 samples");
    assertProblem(b -> b.topK(-1), "ppo.top-k must be >= 0 but was -1. 0 samples among all");
    assertProblem(b -> b.topP(0), "ppo.top-p must be in (0, 1] but was 0.0. 1 samples among all");
    assertProblem(b -> b.maxPromptLength(0), "ppo.max-prompt-length must be > 0 but was 0. Leave");
  }

  @ParameterizedTest
  @CsvSource({"100, 16, 1, 96", "8, 16, 1, 16", "128, 64, 3, 192", "1, 2147483647, 2, 4294967294"})
  void a_batch_consists_of_whole_slices(int batch, int miniBatch, int accumulation, long fix) {
    assertProblem(
        b ->
            b.miniBatchSize(miniBatch)
                .training(t -> t.batchSize(batch).gradientAccumulationSteps(accumulation)),
        "training.batch-size must be a multiple of ppo.mini-batch-size times"
            + " training.gradient-accumulation-steps ("
            + (long) miniBatch * accumulation
            + ") but was "
            + batch
            + ". Use "
            + fix);
  }

  @Test
  void a_broken_section_brings_no_problem_that_the_user_did_not_make() {
    assertProblem(
        b -> b.miniBatchSize(100).training(t -> t.batchSize(-1)),
        "training.batch-size must be > 0 but was -1. 8 is usual.");
  }

  @Test
  void refuses_the_loss_of_a_router_that_only_sft_adds() {
    assertProblem(
        b -> b.training(t -> t.routerAuxLossCoefficient(0.01)),
        "training.router-aux-loss-coefficient must be left out here but was 0.01. Only SFT adds");
  }

  @Test
  void refuses_dropout_of_the_model_and_of_an_adapter() {
    assertProblem(
        b -> b.training(t -> t.dropout(0.1)),
        "training.dropout must be 0 here but was 0.1. With dropout, ratios would differ from 1");
    assertProblem(
        b -> b.lora(l -> l.r(4).dropout(0.05)),
        "lora.dropout must be 0 here but was 0.05. With dropout, ratios would differ from 1");
    assertThatCode(() -> smallest().training(t -> t.dropout(0.0)).build())
        .doesNotThrowAnyException();
  }
}
