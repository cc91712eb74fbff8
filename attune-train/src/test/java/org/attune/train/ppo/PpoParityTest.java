package org.attune.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.Head;
import org.attune.model.weights.WeightSpec;
import org.attune.run.ComputeDtype;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.GoldenTensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three consecutive steps of TRL's classic trainer: every statistic, the coefficient and the
 * weights.
 */
class PpoParityTest {
  @ParameterizedTest(name = "{0} with {1} replicas")
  @CsvSource({"ppo-classic, 1", "ppo-classic, 2", "ppo-clipped, 2", "ppo-scaled, 2"})
  void three_steps_follow_the_original(String name, int replicas, @TempDir Path folder) {
    Goldens golden = Goldens.open(name);
    GoldenTensors tensors = GoldenTensors.open(golden);
    JsonNode settings = golden.values().get("settings");
    int batch = settings.get("batch_size").asInt();
    List<int[]> queries = ragged(tensors, "queries");
    List<int[]> responses = ragged(tensors, "responses");
    double[] scores = tensors.doubles("scores");

    try (PpoTrainer trainer = PpoTrainer.open(config(settings, folder.resolve("run"), replicas))) {
      set(trainer, Head.VALUE_WEIGHT, tensors.floats("v_head.summary.weight"));
      set(trainer, Head.VALUE_BIAS, tensors.floats("v_head.summary.bias"));
      trainer.visitIn(
          (step, epoch, count) ->
              ints(golden.values().at("/steps/" + step + "/permutations/" + epoch)));
      for (int step = 0; step < 3; step++) {
        int from = step * batch;
        PpoStats stats =
            trainer.step(
                queries.subList(from, from + batch),
                responses.subList(from, from + batch),
                Arrays.copyOfRange(scores, from, from + batch));

        JsonNode expected = golden.values().at("/steps/" + step);
        String at = "step " + (step + 1) + " ";
        expected
            .get("stats")
            .properties()
            .forEach(
                stat ->
                    Tolerance.STATISTICS.check(
                        at + stat.getKey(), stats.get(stat.getKey()), stat.getValue().asDouble()));
        assertThat(trainer.steps()).isEqualTo(step + 1);
        Tolerance.LOGITS.check(
            "coefficient", trainer.klCoefficient(), expected.get("kl_coef_after").asDouble());
      }
      checkWeights(trainer, golden.values().at("/steps/2/weights"));
    }
  }

  private static void checkWeights(PpoTrainer trainer, JsonNode expected) {
    TensorScope.use(
        () -> {
          for (WeightSpec spec : trainer.policy().weights().specs()) {
            float[] actual = trainer.policy().weights().get(spec.name()).toFloats();
            JsonNode own = expected.get(spec.name());
            double[] first = new double[own.get("first").size()];
            Arrays.setAll(first, i -> own.get("first").get(i).asDouble());
            double[] found = new double[first.length];
            Arrays.setAll(found, i -> actual[i]);
            Tolerance.GRADIENTS.check(spec.name(), found, first);
          }
        });
  }

  private static void set(PpoTrainer trainer, String name, float[] values) {
    TensorScope.use(() -> trainer.policy().weights().get(name).floats().put(values));
  }

  private static PpoConfig config(JsonNode settings, Path folder, int replicas) {
    PpoConfig.Builder config =
        PpoConfig.builder()
            .runDir(folder)
            .model(Bundled.stories260k().toString())
            .miniBatchSize(settings.get("mini_batch_size").asInt())
            .ppoEpochs(settings.get("ppo_epochs").asInt())
            .training(
                t ->
                    t.batchSize(settings.get("batch_size").asInt())
                        .maxGradNorm(settings.path("max_grad_norm").asDouble(0))
                        .replicas(replicas)
                        .computeDtype(ComputeDtype.FP32)
                        .parity(true))
            .optimizer(o -> o.learningRate(settings.get("learning_rate").asDouble()))
            .scoreScaling(settings.path("use_score_scaling").asBoolean())
            .scoreNorm(settings.path("use_score_norm").asBoolean())
            .whitenRewards(settings.path("whiten_rewards").asBoolean());
    if (settings.has("score_clip")) {
      config.scoreClip(settings.get("score_clip").asDouble());
    }
    return config.build();
  }

  private static List<int[]> ragged(GoldenTensors tensors, String name) {
    int[] flat = tensors.integers(name);
    int[] offsets = tensors.integers(name + ".offsets");
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i + 1 < offsets.length; i++) {
      rows.add(Arrays.copyOfRange(flat, offsets[i], offsets[i + 1]));
    }
    return rows;
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
