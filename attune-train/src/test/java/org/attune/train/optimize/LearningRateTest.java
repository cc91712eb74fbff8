package org.attune.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.LongStream;
import org.attune.run.ScheduleConfig;
import org.attune.run.ScheduleType;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LearningRateTest {

  @ParameterizedTest
  @EnumSource(ScheduleType.class)
  void rates_are_those_of_transformers_at_every_step(ScheduleType type) {
    ScheduleConfig schedule = settings(type).warmupSteps(7).build();

    Tolerance.LOGITS.check(type + " rates", rates(schedule), golden(type));
  }

  @ParameterizedTest
  @EnumSource(ScheduleType.class)
  void a_warm_up_ratio_rounds_up_to_whole_steps(ScheduleType type) {
    ScheduleConfig schedule = settings(type).warmupRatio(0.17).build(); // 0.17 * 40 = 6.8

    Tolerance.LOGITS.check(type + " rates", rates(schedule), golden(type));
  }

  @Test
  void without_warm_up_the_first_step_has_the_full_rate() {
    LearningRate rate = new LearningRate(ScheduleConfig.builder().build(), 0.5, 10);

    assertThat(rate.at(0)).isEqualTo(0.5);
    assertThat(rate.at(5)).isEqualTo(0.25);
  }

  private static ScheduleConfig.Builder settings(ScheduleType type) {
    ScheduleConfig.Builder builder = ScheduleConfig.builder().type(type);
    return switch (type) {
      case POLYNOMIAL -> builder.power(2).decayEnd(1e-5);
      case COSINE_WITH_MIN_LR -> builder.minLearningRateRatio(0.1);
      default -> builder;
    };
  }

  private static double[] rates(ScheduleConfig schedule) {
    LearningRate rate = new LearningRate(schedule, 1e-3, 40);
    return LongStream.rangeClosed(0, 40).mapToDouble(rate::at).toArray();
  }

  private static double[] golden(ScheduleType type) {
    return Goldens.open("optimizer")
        .numbers("/schedules/rates/" + type.name().toLowerCase(Locale.ROOT));
  }
}
