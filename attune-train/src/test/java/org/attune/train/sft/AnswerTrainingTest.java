package org.attune.train.sft;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.attune.data.Dataset;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.pipeline.TextGenerator;
import org.attune.model.weights.WeightSpec;
import org.attune.run.ComputeDtype;
import org.attune.run.OptimizerConfig;
import org.attune.run.ScheduleConfig;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Goldens;
import org.attune.testkit.NoTensorLeaks;
import org.attune.testkit.Tolerance;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Supervised fine-tuning of a model whose encoder reads prompts and whose decoder answers. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ExtendWith(NoTensorLeaks.class)
class AnswerTrainingTest {
  private static final int START = 0;

  private static Path model(String golden) {
    return Goldens.open(golden).tensors().resolveSibling("model");
  }

  private static List<List<Example>> batches(Goldens golden) {
    List<List<Example>> batches = new ArrayList<>();
    for (JsonNode batch : golden.values().get("batches")) {
      List<Example> examples = new ArrayList<>();
      for (JsonNode row : batch) {
        examples.add(Example.answer(ints(row.get("input_ids")), START, ints(row.get("labels"))));
      }
      batches.add(examples);
    }
    return batches;
  }

  private static int[] ints(JsonNode row) {
    return StreamSupport.stream(row.spliterator(), /* parallel= */ false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }

  @ParameterizedTest(name = "with {0} replicas")
  @ValueSource(ints = {1, 2})
  void steps_follow_those_of_the_original(int replicas) {
    Goldens golden = Goldens.open("sft-t5");
    JsonNode settings = golden.values().get("settings");
    List<List<Example>> batches = batches(golden);
    int steps = batches.size();
    OptimizerConfig optimizer =
        OptimizerConfig.builder()
            .learningRate(settings.get("learning_rate").asDouble())
            .weightDecay(settings.get("weight_decay").asDouble())
            .build();
    LearningRate rate =
        new LearningRate(ScheduleConfig.builder().build(), optimizer.learningRate(), steps);
    double[] loss = new double[steps];
    double[] gradNorm = new double[steps];
    try (Workers workers = new Workers(replicas);
        LanguageModel model = LanguageModel.load(model("seq2seq-t5"));
        ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
        Adam adam = new Adam(optimizer, model.weights(), workers);
        TensorScope scope = TensorScope.open()) {
      MicroBatches parts = new MicroBatches(replicas, model.architecture().hiddenSize());
      SftStep step = new SftStep(group, parts, adam, settings.get("max_grad_norm").asDouble());
      for (int i = 0; i < steps; i++) {
        SftStep.Result result = step.take(batches.get(i), rate.at(i), TokenLoss.Figures.LOSS);
        loss[i] = result.loss();
        gradNorm[i] = result.gradNorm();
      }
    }

    double[] expectedLoss = golden.numbers("/trajectory/loss");
    Tolerance.LOGITS.check("first loss", loss[0], expectedLoss[0]);
    Tolerance.TRAJECTORY.check("loss", loss, expectedLoss);
    Tolerance.TRAJECTORY.check("gradient norm", gradNorm, golden.numbers("/trajectory/grad_norm"));
  }

  @Nested
  class Splitting {
    private static final List<Example> ROWS =
        batches(Goldens.open("sft-t5")).subList(0, 2).stream().flatMap(List::stream).toList();

    @Test
    void all_at_once_are_as_each_alone() {
      requireSame(IntStream.range(0, ROWS.size()).mapToObj(i -> List.of(ROWS.get(i))).toList(), 1);
    }

    @Test
    void one_replica_is_as_two() {
      requireSame(new MicroBatches(2, 24).of(ROWS, Example::tokens), 2);
    }

    @Test
    void an_answer_learns_nothing_from_its_neighbours_prompt() {
      List<Example> backwards = new ArrayList<>(ROWS);
      Collections.reverse(backwards);

      requireSame(List.of(backwards), 1);
    }

    private void requireSame(List<List<Example>> parts, int replicas) {
      try (LanguageModel model = LanguageModel.load(model("seq2seq-t5-gated"), Head.CAUSAL, 0)) {
        Map<String, float[]> expected = gradients(model, List.of(ROWS), 1);
        gradients(model, parts, replicas)
            .forEach((name, actual) -> check(name, actual, requireNonNull(expected.get(name))));
      }
    }

    private static void check(String name, float[] actual, float[] expected) {
      Tolerance.GRADIENTS.check(name, actual, expected);
    }

    private static Map<String, float[]> gradients(
        LanguageModel model, List<List<Example>> parts, int replicas) {
      Map<String, float[]> gradients = new LinkedHashMap<>();
      try (Workers workers = new Workers(replicas);
          ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        group.accumulate(
            parts,
            (replica, part) ->
                TokenLoss.backward(replica, part, 1.0 / ROWS.size(), TokenLoss.Figures.LOSS));
        var all = group.gradients();
        for (WeightSpec spec : model.weights().specs()) {
          gradients.put(
              spec.name(),
              GradientMode.without(() -> model.weights().viewIn(all, spec.name()).toFloats()));
        }
      }
      return gradients;
    }
  }

  @Nested
  class A_run {
    private static final Dataset ROWS =
        Dataset.fromRows(
            List.of(
                Map.of("prompt", "Where is my ball?", "completion", "It is in the park."),
                Map.of("prompt", "Who sat?", "completion", "The cat sat."),
                Map.of("prompt", "What did Lily see?", "completion", "A bird."),
                Map.of("prompt", "Is it red?", "completion", "No.")));

    @TempDir private Path folder;

    private SftConfig config(String run, int steps, UnaryOperator<SftConfig.Builder> further) {
      return further
          .apply(
              SftConfig.builder()
                  .runDir(folder.resolve(run))
                  .model(model("seq2seq-text").toString())
                  .optimizer(o -> o.learningRate(2e-2))
                  .training(
                      t ->
                          t.maxSteps(steps)
                              .batchSize(4)
                              .loggingSteps(1)
                              .replicas(2)
                              .computeDtype(ComputeDtype.FP32)))
          .build();
    }

    private double figure(String run, int step, String name) {
      var metrics = EventLog.metrics(RunFolder.open(folder.resolve(run)).events());
      return requireNonNull(requireNonNull(metrics.get(step)).get(name));
    }

    @Test
    void learns_answers_by_heart_and_saves_a_model_that_gives_them() {
      Path saved = SftTrainer.of(config("whole", 400, c -> c)).on(ROWS).evaluatingOn(ROWS).train();

      assertThat(figure("whole", 400, "loss")).isLessThan(0.1);
      assertThat(figure("whole", 400, "eval_mean_token_accuracy")).isEqualTo(1);
      try (TextGenerator writer = TextGenerator.load(saved)) {
        SamplingConfig greedy = SamplingConfig.builder().temperature(0).maxNewTokens(20).build();
        assertThat(writer.generate("Who sat?", greedy).completion()).isEqualTo("The cat sat.");
      }
    }

    @Test
    void of_an_adapter_changes_queries_and_values_alone() {
      Path saved =
          SftTrainer.of(config("adapter", 40, c -> c.lora(l -> l.r(8).alpha(16)))).on(ROWS).train();

      assertThat(figure("adapter", 40, "loss")).isLessThan(figure("adapter", 1, "loss"));
      assertThat(saved.resolve("adapter_config.json")).content().contains("SEQ_2_SEQ_LM");
      try (LanguageModel model = LanguageModel.load(saved)) {
        assertThat(model.trainedWeights().specs())
            .allSatisfy(
                spec -> assertThat(spec.name()).containsPattern("Attention\\.[qv]\\.lora_"));
      }
    }
  }
}
