package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.attune.data.Dataset;
import org.attune.run.ComputeDtype;
import org.attune.run.ppo.PpoConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoKilledTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int STEPS = 8;

  /** Trains in the folder it is given and prints each step. */
  static final class Training {
    public static void main(String[] arguments) {
      train(Path.of(arguments[0]), Mode.NEW);
    }

    static Path train(Path run, Mode mode) {
      PpoConfig config =
          PpoConfig.builder()
              .runDir(run)
              .model(Bundled.stories260k().toString())
              .miniBatchSize(2)
              .ppoEpochs(2)
              .maxNewTokens(6)
              .scoreScaling(true)
              .scoreNorm(true)
              .optimizer(o -> o.learningRate(1e-3))
              .training(
                  t ->
                      t.batchSize(4)
                          .maxSteps(STEPS)
                          .saveSteps(1)
                          .replicas(2)
                          .computeDtype(ComputeDtype.FP32))
              .build();
      return PpoTrainer.of(config)
          .on(
              Dataset.fromRows(
                  List.of(
                      Map.of("prompt", "Once upon a time"),
                      Map.of("prompt", "The cat"),
                      Map.of("prompt", "One day"),
                      Map.of("prompt", "Lily"),
                      Map.of("prompt", "Tom"))))
          .scoredBy(
              (prompts, completions) -> completions.stream().mapToDouble(String::length).toArray())
          .mode(mode)
          .progress((what, done, total, figures) -> System.out.println("step " + done + ";"))
          .train();
    }
  }

  @Test
  void a_killed_training_resumes_to_the_bytes_of_one_that_was_not(@TempDir Path folder)
      throws InterruptedException {
    Path whole = Training.train(folder.resolve("whole"), Mode.NEW);
    int lastStep = ThreadLocalRandom.current().nextInt(1, STEPS - 2);
    int further = ThreadLocalRandom.current().nextInt(60);
    Path killed = folder.resolve("killed");
    try (ChildJvm child = ChildJvm.start(Training.class, killed.toString())) {
      child.awaitOutput("step " + lastStep + ";", SOON);
      Thread.sleep(further);
      child.kill();
    }

    Path resumed = Training.train(killed, Mode.RESUME);

    for (String file :
        List.of(
            "model.safetensors",
            "value_head.safetensors",
            "trainer/optimizer.safetensors",
            "trainer/state.json")) {
      assertThat(resumed.resolve(file))
          .as("%s, killed %d ms after step %d", file, further, lastStep)
          .hasSameBinaryContentAs(whole.resolve(file));
    }
  }
}
