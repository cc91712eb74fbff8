package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoAdapterTest {
  private static final Dataset PROMPTS =
      Dataset.fromRows(
          List.of(
              Map.of("prompt", "Once upon a time"),
              Map.of("prompt", "The cat"),
              Map.of("prompt", "One day"),
              Map.of("prompt", "Lily")));
  private static final RewardFunction LENGTH =
      (prompts, completions) -> completions.stream().mapToDouble(String::length).toArray();

  @TempDir private Path folder;

  private PpoConfig config(String run) {
    return PpoConfig.builder()
        .runDir(folder.resolve(run))
        .model(Bundled.stories260k().toString())
        .lora(l -> l.r(4).alpha(8).targetModules("all-linear"))
        .miniBatchSize(2)
        .ppoEpochs(2)
        .maxNewTokens(6)
        .optimizer(o -> o.learningRate(1e-3))
        .training(
            t ->
                t.batchSize(4)
                    .maxSteps(4)
                    .loggingSteps(1)
                    .saveSteps(4)
                    .replicas(2)
                    .computeDtype(ComputeDtype.FP32))
        .build();
  }

  @Test
  void the_reference_is_the_policy_without_its_adapter() {
    try (PpoTrainer trainer = PpoTrainer.open(config("reference"))) {
      assertThat(trainer.reference()).isSameAs(trainer.policy());
      List<int[]> queries = List.of(trainer.tokenizer().encode("Once upon a time"));
      float[] before = TensorScope.with(() -> trainer.policy().weights().flat().toFloats());

      List<int[]> four = List.of(queries.get(0), queries.get(0), queries.get(0), queries.get(0));
      double first = step(trainer, four);
      step(trainer, four);
      double later = step(trainer, four);

      assertThat(first).isZero();
      assertThat(later).isNotZero();
      float[] after = TensorScope.with(() -> trainer.policy().weights().flat().toFloats());
      assertThat(after).isEqualTo(before);
    }
  }

  private static double step(PpoTrainer trainer, List<int[]> queries) {
    List<int[]> responses = trainer.generate(queries, trainer.sampling(trainer.steps()));
    double[] scores = responses.stream().mapToDouble(response -> response.length).toArray();
    return trainer.step(queries, responses, scores).get("objective/kl");
  }

  @Test
  void a_resumed_run_ends_with_the_bits_of_one_that_was_not_interrupted() {
    Path whole = PpoTrainer.of(config("whole")).on(PROMPTS).scoredBy(LENGTH).train();
    StopRequest stop = new StopRequest();
    PpoTrainer.of(config("stopped"))
        .on(PROMPTS)
        .scoredBy(LENGTH)
        .stoppingOn(stop)
        .progress(
            (what, done, total, figures) -> {
              if (done == 2) {
                stop.request();
              }
            })
        .train();

    Path resumed =
        PpoTrainer.of(config("stopped")).on(PROMPTS).scoredBy(LENGTH).mode(Mode.RESUME).train();

    for (String file :
        List.of(
            "adapter_model.safetensors",
            "value_head.safetensors",
            "trainer/optimizer.safetensors",
            "trainer/state.json")) {
      assertThat(resumed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    assertThat(EventLog.metrics(RunFolder.open(folder.resolve("stopped")).events()).keySet())
        .containsExactly(1, 2, 3, 4);
  }
}
