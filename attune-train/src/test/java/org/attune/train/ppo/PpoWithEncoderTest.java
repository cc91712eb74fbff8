package org.attune.train.ppo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy whose encoder reads the query and whose decoder responds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoWithEncoderTest {
  private static final int STEPS = 20;
  private static final Path MODEL = Goldens.open("seq2seq-text").tensors().resolveSibling("model");

  @TempDir private Path folder;

  private PpoConfig config(String run, UnaryOperator<PpoConfig.Builder> further) {
    return further
        .apply(
            PpoConfig.builder()
                .runDir(folder.resolve(run))
                .model(MODEL.toString())
                .miniBatchSize(16)
                .maxNewTokens(8)
                .initKlCoefficient(0.02)
                .optimizer(o -> o.learningRate(5e-3))
                .training(
                    t ->
                        t.batchSize(64)
                            .maxSteps(STEPS)
                            .loggingSteps(1)
                            .replicas(2)
                            .computeDtype(ComputeDtype.FP32)))
        .build();
  }

  @Test
  void the_policy_starts_as_its_reference_and_moves_away() {
    try (PpoTrainer trainer = PpoTrainer.open(config("moves", c -> c))) {
      double first = step(trainer);
      double later = step(trainer);

      assertThat(first).isZero();
      assertThat(later).isNotZero();
    }
  }

  @Test
  void with_an_adapter_the_reference_is_the_policy_without_it() {
    try (PpoTrainer trainer =
        PpoTrainer.open(config("adapter", c -> c.lora(l -> l.r(4).alpha(8))))) {
      float[] before = weights(trainer.policy());

      double first = step(trainer);
      double later = step(trainer);

      assertThat(trainer.reference()).isSameAs(trainer.policy());
      assertThat(first).isZero();
      assertThat(later).isNotZero();
      assertThat(weights(trainer.policy())).isEqualTo(before);
    }
  }

  private static float[] weights(LanguageModel model) {
    return TensorScope.with(() -> model.weights().flat().toFloats());
  }

  private static double step(PpoTrainer trainer) {
    int[] query = trainer.tokenizer().encode("Where is my ball?");
    List<int[]> queries = IntStream.range(0, 64).mapToObj(i -> query).toList();
    List<int[]> responses = trainer.generate(queries, trainer.sampling(trainer.steps()));
    double[] scores =
        responses.stream().mapToDouble(response -> Arrays.stream(response).sum() % 7).toArray();
    return trainer.step(queries, responses, scores).get("objective/kl");
  }

  @Test
  void a_rewarded_letter_becomes_more_frequent_and_the_critic_is_saved() {
    Path saved =
        PpoTrainer.of(config("rises", c -> c))
            .on(
                Dataset.fromRows(
                    IntStream.range(0, 64)
                        .mapToObj(i -> Map.of("prompt", i % 2 == 0 ? "Where is my ball?" : "Sing!"))
                        .toList()))
            .scoredBy(
                (prompts, completions) ->
                    completions.stream().mapToDouble(PpoWithEncoderTest::shareOfE).toArray())
            .train();

    double[] rewards =
        EventLog.metrics(RunFolder.open(folder.resolve("rises")).events()).values().stream()
            .mapToDouble(step -> requireNonNull(step.get("env/reward_mean")))
            .toArray();
    assertThat(mean(rewards, STEPS - 3)).isGreaterThan(1.3 * mean(rewards, 0));
    assertThat(saved.resolve("value_head.safetensors")).isNotEmptyFile();
    try (LanguageModel critic = LanguageModel.load(saved, Head.VALUE, 0)) {
      assertThat(critic.weights().has(Head.VALUE_WEIGHT)).isTrue();
    }
  }

  private static double shareOfE(String text) {
    return 10 * text.chars().filter(c -> c == 'e').count() / (text.length() + 1.0);
  }

  private static double mean(double[] rewards, int from) {
    return (rewards[from] + rewards[from + 1] + rewards[from + 2]) / 3;
  }
}
