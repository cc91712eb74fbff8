package org.attune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OptimizerConfigTest {

  @Test
  void defaults_are_as_documented() {
    assertThat(OptimizerConfig.builder().build())
        .isEqualTo(new OptimizerConfig(OptimizerType.ADAMW, 2e-5, 0, 0.9, 0.999, 1e-8));
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertThatThrownBy(
            () ->
                new OptimizerConfig(
                    OptimizerType.ADAM, 0, -0.1, 1, Double.NaN, Double.POSITIVE_INFINITY))
        .hasMessage(
            """
            5 problems in the configuration:
              optimizer.learning-rate must be > 0 but was 0.0. 1e-6 to 1e-3 is usual.
              optimizer.weight-decay must be >= 0 but was -0.1. 0 to 0.1 is usual.
              optimizer.beta1 must be in [0, 1) but was 1.0. 0.9 is usual.
              optimizer.beta2 must be in [0, 1) but was NaN. 0.999 is usual.
              optimizer.epsilon must be > 0 but was Infinity. 1e-8 is usual.""");
  }
}
