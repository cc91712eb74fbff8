package org.attune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleConfigTest {

  @Test
  void defaults_are_as_documented() {
    assertThat(ScheduleConfig.builder().build())
        .isEqualTo(new ScheduleConfig(ScheduleType.LINEAR, 0, 0, 0, 0.5, 1, 1e-7));
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertThatThrownBy(() -> new ScheduleConfig(ScheduleType.COSINE, -1, 1, 1.5, 0, 0, -1))
        .hasMessage(
            """
            6 problems in the configuration:
              schedule.warmup-steps must be >= 0 but was -1. Use 0 for no warm-up.
              schedule.warmup-ratio must be in [0, 1) but was 1.0. 0.03 to 0.1 is usual; 0 for no warm-up.
              schedule.min-learning-rate-ratio must be in [0, 1] but was 1.5. 0.1 is usual.
              schedule.cycles must be > 0 but was 0.0. 0.5 falls once from the full rate to the lowest.
              schedule.power must be > 0 but was 0.0. 1 is a straight line.
              schedule.decay-end must be >= 0 but was -1.0. 1e-7 is usual.""");
  }

  @Test
  void warm_up_is_given_in_one_way_only() {
    assertThatThrownBy(() -> ScheduleConfig.builder().warmupSteps(5).warmupRatio(0.1).build())
        .hasMessageContaining(
            "schedule.warmup-ratio must be 0 when schedule.warmup-steps is set but was 0.1. Remove"
                + " one of the two.");
  }
}
