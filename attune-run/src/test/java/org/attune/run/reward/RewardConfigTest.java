package org.attune.run.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RewardConfigTest {
  private static final RewardConfig.Builder SMALLEST =
      RewardConfig.builder().runDir(Path.of("runs/r")).model("m");

  @Test
  void defaults_are_as_documented() {
    RewardConfig config = SMALLEST.build();

    assertThat(config.optimizer().learningRate()).isEqualTo(1e-4);
    assertThat(config.maxLength()).isEqualTo(1024);
    assertThat(config.encoding()).isNull();
    assertThat(config.centerRewardsCoefficient()).isNull();
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertThatThrownBy(
            () -> SMALLEST.build().toBuilder().maxLength(0).centerRewardsCoefficient(-0.01).build())
        .hasMessage(
            """
            2 problems in the configuration:
              reward.max-length must be > 1 but was 0. 1024 is usual.
              reward.center-rewards-coefficient must be > 0 but was -0.01. 0.01 is usual; leave it out for none.""");
  }

  @Test
  void refuses_the_loss_of_a_router_that_only_sft_adds() {
    assertThatThrownBy(
            () ->
                SMALLEST.build().toBuilder()
                    .training(t -> t.routerAuxLossCoefficient(0.01))
                    .build())
        .hasMessageContaining(
            "training.router-aux-loss-coefficient must be left out here but was 0.01. Only SFT adds");
  }
}
