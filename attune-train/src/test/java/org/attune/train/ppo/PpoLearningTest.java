package org.attune.train.ppo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.ppo.PpoConfig;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoLearningTest {
  private static final int STEPS = 12;

  @TempDir private Path folder;

  /** Share of letters that are an e. */
  private static double[] shareOfE(List<String> completions) {
    return completions.stream()
        .mapToDouble(text -> text.chars().filter(c -> c == 'e').count() / (text.length() + 1.0))
        .toArray();
  }

  /** The mean share of e in the first and the last three steps. */
  private double[] trained(String run, double sign) {
    PpoConfig config =
        PpoConfig.builder()
            .runDir(folder.resolve(run))
            .model(Bundled.stories260k().toString())
            .miniBatchSize(16)
            .maxNewTokens(16)
            .initKlCoefficient(0.02)
            .optimizer(o -> o.learningRate(1e-3))
            .training(
                t ->
                    t.batchSize(32)
                        .maxSteps(STEPS)
                        .loggingSteps(1)
                        .replicas(1)
                        .computeDtype(ComputeDtype.FP32))
            .build();
    PpoTrainer.of(config)
        .on(
            Dataset.fromRows(
                IntStream.range(0, 32)
                    .mapToObj(i -> Map.of("prompt", i % 2 == 0 ? "Once upon a time" : "One day"))
                    .toList()))
        .scoredBy(
            (prompts, completions) -> {
              double[] scores = shareOfE(completions);
              return IntStream.range(0, scores.length)
                  .mapToDouble(i -> sign * 10 * scores[i])
                  .toArray();
            })
        .train();
    double[] rewards =
        EventLog.metrics(RunFolder.open(folder.resolve(run)).events()).values().stream()
            .mapToDouble(step -> sign * requireNonNull(step.get("env/reward_mean")) / 10)
            .toArray();
    return new double[] {mean(rewards, 0), mean(rewards, STEPS - 3)};
  }

  private static double mean(double[] rewards, int from) {
    return (rewards[from] + rewards[from + 1] + rewards[from + 2]) / 3;
  }

  @Test
  void a_rewarded_letter_becomes_more_frequent() {
    double[] share = trained("rises", 1);

    assertThat(share[1]).isGreaterThan(1.3 * share[0]);
  }

  @Test
  void a_punished_letter_becomes_rarer() {
    double[] share = trained("falls", -1);

    assertThat(share[1]).isLessThan(0.7 * share[0]);
  }
}
