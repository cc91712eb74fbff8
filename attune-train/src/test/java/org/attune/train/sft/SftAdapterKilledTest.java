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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftAdapterKilledTest {
  private static final int ROUNDS = 3;
  private static final int STEPS = 30;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Trains, or goes on training, in the folder it is given. */
  static final class Training {
    public static void main(String[] arguments) {
      SftTrainer.of(config(Path.of(arguments[0])))
          .on(Stories.rows(24))
          .mode(Mode.RESUME)
          .progress((what, done, total, figures) -> System.out.println("step " + done + "."))
          .train();
    }
  }

  @Test
  void a_run_killed_again_and_again_ends_with_the_bits_of_one_that_was_not(@TempDir Path temporary)
      throws InterruptedException {
    Path uninterrupted =
        SftTrainer.of(config(temporary.resolve("uninterrupted"))).on(Stories.rows(24)).train();
    Path run = temporary.resolve("killed");
    Random random = new Random();
    for (int round = 0; round < ROUNDS; round++) {
      int resumedAt =
          round == 0
              ? 0
              : RunFolder.open(run).checkpoints().latest().map(last -> last.step()).orElse(0);
      int doomed = Math.min(STEPS - 1, resumedAt + 1 + random.nextInt(STEPS / ROUNDS));
      try (ChildJvm child = ChildJvm.start(Training.class, run.toString())) {
        child.awaitOutput("step " + doomed + ".", SOON);
        Thread.sleep(random.nextInt(20));
        child.kill();
      }
    }

    Path resumed = SftTrainer.of(config(run)).on(Stories.rows(24)).mode(Mode.RESUME).train();

    for (String file :
        new String[] {"adapter_model.safetensors", "trainer/optimizer.safetensors"}) {
      assertThat(resumed.resolve(file)).hasSameBinaryContentAs(uninterrupted.resolve(file));
    }
  }

  private static SftConfig config(Path run) {
    return SftConfig.builder()
        .runDir(run)
        .model(Bundled.stories260k().toString())
        .maxLength(48)
        .lora(l -> l.r(4).targetModules("all-linear").dropout(0.2))
        .optimizer(o -> o.learningRate(1e-3))
        .training(
            t ->
                t.maxSteps(STEPS)
                    .batchSize(4)
                    .saveSteps(2)
                    .saveTotalLimit(2)
                    .replicas(2)
                    .computeDtype(ComputeDtype.FP32))
        .build();
  }
}
