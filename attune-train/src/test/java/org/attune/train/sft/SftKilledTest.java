package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftKilledTest {
  private static final int STEPS_OF_ROUND = 12;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What is trained, how often it is killed, and where its weights are. */
  enum Trained {
    WHOLE_MODEL(5, "model.safetensors"),
    ADAPTER(3, "adapter_model.safetensors");

    private final int rounds;
    private final String weights;

    Trained(int rounds, String weights) {
      this.rounds = rounds;
      this.weights = weights;
    }

    int steps() {
      return rounds * STEPS_OF_ROUND;
    }

    SftConfig config(Path run) {
      SftConfig.Builder config =
          SftConfig.builder()
              .runDir(run)
              .model(Bundled.stories260k().toString())
              .maxLength(48)
              .optimizer(o -> o.learningRate(1e-3))
              .training(
                  t ->
                      t.maxSteps(steps())
                          .batchSize(4)
                          .dropout(0.2)
                          .saveSteps(2)
                          .saveTotalLimit(2)
                          .replicas(2)
                          .computeDtype(ComputeDtype.FP32));
      return (this == ADAPTER
              ? config.lora(l -> l.r(4).targetModules("all-linear").dropout(0.2))
              : config)
          .build();
    }
  }

  /** Trains, or goes on training, in the folder it is given. */
  static final class Training {
    public static void main(String[] arguments) {
      SftTrainer.of(Trained.valueOf(arguments[0]).config(Path.of(arguments[1])))
          .on(Stories.rows(24))
          .mode(Mode.RESUME)
          .progress((what, done, total, figures) -> System.out.println("step " + done + "."))
          .train();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_run_killed_again_and_again_ends_with_the_bits_of_one_that_was_not(
      Trained trained, @TempDir Path temporary) throws InterruptedException {
    Path uninterrupted =
        SftTrainer.of(trained.config(temporary.resolve("uninterrupted")))
            .on(Stories.rows(24))
            .train();
    Path run = temporary.resolve("killed");
    Random random = new Random();
    for (int round = 0; round < trained.rounds; round++) {
      int resumedAt =
          round == 0
              ? 0
              : RunFolder.open(run).checkpoints().latest().map(last -> last.step()).orElse(0);
      int doomed = Math.min(trained.steps() - 1, resumedAt + 1 + random.nextInt(STEPS_OF_ROUND));
      try (ChildJvm child = ChildJvm.start(Training.class, trained.name(), run.toString())) {
        child.awaitOutput("step " + doomed + ".", SOON);
        Thread.sleep(random.nextInt(20));
        child.kill();
      }
    }

    Path resumed =
        SftTrainer.of(trained.config(run)).on(Stories.rows(24)).mode(Mode.RESUME).train();

    for (String file : new String[] {trained.weights, "trainer/optimizer.safetensors"}) {
      assertThat(resumed.resolve(file)).hasSameBinaryContentAs(uninterrupted.resolve(file));
    }
  }
}
