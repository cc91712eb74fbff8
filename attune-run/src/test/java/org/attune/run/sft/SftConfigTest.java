package org.attune.run.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.attune.run.AdapterConfig;
import org.attune.run.ConfigurationProblem;
import org.attune.run.DataConfig;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.OptimizerConfig;
import org.attune.run.ScheduleConfig;
import org.attune.run.TrainingConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SftConfigTest {

  @Test
  void defaults_are_as_documented() {
    assertThat(SftConfig.builder().runDir(Path.of("runs/a")).model("m").build())
        .isEqualTo(
            new SftConfig(
                Path.of("runs/a"),
                "m",
                null,
                DataConfig.builder().build(),
                TrainingConfig.builder().build(),
                OptimizerConfig.builder().build(),
                ScheduleConfig.builder().build(),
                AdapterConfig.builder().build(),
                1024,
                Packing.NONE,
                null,
                false,
                true));
  }

  @Test
  void sections_are_changed_in_place() {
    SftConfig config =
        SftConfig.builder()
            .runDir(Path.of("runs/a"))
            .model("bundled/stories260k")
            .packing(Packing.BFD)
            .maxLength(256)
            .training(t -> t.maxSteps(50).batchSize(4))
            .training(t -> t.seed(7))
            .optimizer(o -> o.learningRate(1e-3))
            .build();

    assertThat(config.training().maxSteps()).isEqualTo(50);
    assertThat(config.training().batchSize()).isEqualTo(4);
    assertThat(config.training().seed()).isEqualTo(7);
    assertThat(config.optimizer().learningRate()).isEqualTo(1e-3);
  }

  @Test
  void problems_of_all_sections_are_reported_together() {
    assertThatThrownBy(
            () ->
                SftConfig.builder()
                    .tokenizer(" ")
                    .maxLength(1)
                    .data(d -> d.evalShare(-1))
                    .training(t -> t.batchSize(0))
                    .optimizer(o -> o.learningRate(0))
                    .schedule(s -> s.warmupSteps(-1))
                    .build())
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting(ConfigurationProblem::key)
                    .containsExactly(
                        "data.eval-share",
                        "training.batch-size",
                        "optimizer.learning-rate",
                        "schedule.warmup-steps",
                        "run-dir",
                        "model",
                        "tokenizer",
                        "sft.max-length"))
        .hasMessageContaining("sft.max-length must be > 1 but was 1. 1024 is usual.")
        .hasMessageContaining("model is missing. Name the model to start from");
  }
}
