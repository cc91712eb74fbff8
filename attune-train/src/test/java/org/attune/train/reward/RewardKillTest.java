package org.attune.train.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.attune.data.Dataset;
import org.attune.run.ComputeDtype;
import org.attune.run.reward.RewardConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.attune.train.session.TrainingSession;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RewardKillTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  /** Trains in the folder it is given and prints each step. */
  static final class Training {
    public static void main(String[] arguments) {
      train(Path.of(arguments[0]), TrainingSession.Mode.NEW);
    }

    static Path train(Path runDir, TrainingSession.Mode mode) {
      RewardConfig config =
          RewardConfig.builder()
              .runDir(runDir)
              .model(Bundled.stories260k().toString())
              .training(
                  t ->
                      t.maxSteps(30)
                          .batchSize(4)
                          .saveSteps(3)
                          .replicas(2)
                          .computeDtype(ComputeDtype.FP32))
              .build();
      return RewardTrainer.of(config)
          .on(rows())
          .mode(mode)
          .progress((what, done, total, figures) -> System.out.println("step " + done + ";"))
          .train();
    }

    private static Dataset rows() {
      List<Map<String, String>> rows = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        rows.add(
            Map.of(
                "chosen", "Once upon a time there were " + i + " happy cats.",
                "rejected", "There were " + i + " cats."));
      }
      return Dataset.fromRows(rows);
    }
  }

  @Test
  void a_killed_training_resumes_to_the_weights_of_one_that_was_not(@TempDir Path folder)
      throws Exception {
    Path whole = Training.train(folder.resolve("whole"), TrainingSession.Mode.NEW);
    int lastStep = ThreadLocalRandom.current().nextInt(1, 28);
    int further = ThreadLocalRandom.current().nextInt(60);
    Path killed = folder.resolve("killed");
    try (ChildJvm child = ChildJvm.start(Training.class, killed.toString())) {
      child.awaitOutput("step " + lastStep + ";", SOON);
      Thread.sleep(further);
      child.kill();
    }

    Path resumed = Training.train(killed, TrainingSession.Mode.RESUME);

    assertThat(
            Files.mismatch(
                resumed.resolve("model.safetensors"), whole.resolve("model.safetensors")))
        .as("killed %d ms after step %d", further, lastStep)
        .isEqualTo(-1);
    assertThat(
            Files.mismatch(
                resumed.resolve("trainer/optimizer.safetensors"),
                whole.resolve("trainer/optimizer.safetensors")))
        .isEqualTo(-1);
  }
}
