package org.attune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrainingConfigTest {

  @Test
  void defaults_are_as_documented() {
    TrainingConfig defaults = TrainingConfig.builder().build();

    assertThat(defaults)
        .isEqualTo(
            new TrainingConfig(
                3,
                null,
                8,
                1,
                1,
                10,
                null,
                500,
                null,
                42,
                null,
                ComputeDtype.AUTO,
                true,
                false,
                false,
                null,
                null));
    assertThat(defaults.toBuilder().build()).isEqualTo(defaults);
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertThatThrownBy(
            () ->
                new TrainingConfig(
                    Double.NaN,
                    0,
                    0,
                    -1,
                    -0.5,
                    0,
                    0,
                    -1,
                    0,
                    42,
                    0,
                    ComputeDtype.AUTO,
                    true,
                    false,
                    false,
                    -0.01,
                    1.0))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            """
            12 problems in the configuration:
              training.epochs must be > 0 but was NaN. Use 1 to 5, or set training.max-steps.
              training.max-steps must be > 0 but was 0. Leave it out to train by training.epochs.
              training.batch-size must be > 0 but was 0. 8 is usual.
              training.gradient-accumulation-steps must be > 0 but was -1. Use 1 to step after every batch.
              training.max-grad-norm must be >= 0 but was -0.5. 1.0 is usual; 0 does not clip.
              training.logging-steps must be > 0 but was 0. 10 is usual.
              training.eval-steps must be > 0 but was 0. Leave it out to train without evaluation.
              training.save-steps must be >= 0 but was -1. 0 saves only at the end.
              training.save-total-limit must be > 0 but was 0. Leave it out to keep every checkpoint.
              training.replicas must be > 0 but was 0. Leave it out to use as many as suit the machine.
              training.router-aux-loss-coefficient must be >= 0 but was -0.01. 0.001 is usual; leave it out to follow the model's configuration.
              training.dropout must be >= 0 and < 1 but was 1.0. 0.1 is usual; 0 switches it off.""");
  }
}
