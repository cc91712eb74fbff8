package org.attune.train.sft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.run.OptimizerConfig;
import org.attune.run.ScheduleConfig;
import org.attune.tensor.DType;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.GoldenTensors;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fifty steps on the token ids that TRL trained on, held against its losses and gradient norms. */
class SftParityTest {

  @ParameterizedTest(name = "{0} with {1} replicas")
  @CsvSource({
    "sft-plain, 1",
    "sft-plain, 2",
    "sft-completion-only, 2",
    "sft-wrapped, 2",
    "sft-bfd, 2",
    "sft-accumulation-4, 2",
  })
  void fifty_steps_follow_the_original(String name, int replicas) {
    Goldens golden = Goldens.open(name);
    JsonNode settings = golden.values().get("settings");
    double[] expectedLoss = golden.numbers("/trajectory/loss");
    int steps = expectedLoss.length;
    List<List<Example>> windows = windows(golden, steps);
    OptimizerConfig optimizer =
        OptimizerConfig.builder()
            .learningRate(settings.get("learning_rate").asDouble())
            .weightDecay(settings.get("weight_decay").asDouble())
            .build();
    LearningRate rate =
        new LearningRate(ScheduleConfig.builder().build(), optimizer.learningRate(), steps);
    double[] loss = new double[steps];
    double[] gradNorm = new double[steps];
    double[] accuracy = new double[steps];

    try (Workers workers = new Workers(replicas);
        LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
        ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
        Adam adam = new Adam(optimizer, model.weights(), workers);
        TensorScope scope = TensorScope.open()) {
      MicroBatches parts = new MicroBatches(replicas, model.architecture().hiddenSize());
      SftStep step = new SftStep(group, parts, adam, settings.get("max_grad_norm").asDouble());
      for (int i = 0; i < steps; i++) {
        SftStep.Result result = step.take(windows.get(i), rate.at(i), TokenLoss.Figures.ALL);
        loss[i] = result.loss();
        gradNorm[i] = result.gradNorm();
        accuracy[i] = (double) result.sums().correct() / result.sums().count();
      }
    }

    Tolerance.LOGITS.check("first loss", loss[0], expectedLoss[0]);
    Tolerance.TRAJECTORY.check("loss", loss, expectedLoss);
    Tolerance.TRAJECTORY.check("gradient norm", gradNorm, golden.numbers("/trajectory/grad_norm"));
  }

  static List<List<Example>> windows(Goldens golden, int steps) {
    GoldenTensors tensors = GoldenTensors.open(golden);
    int[] ids = tensors.integers("input_ids");
    int[] labels = tensors.integers("labels");
    int[] offsets = tensors.integers("input_ids.offsets");
    int[] batches = tensors.integers("micro_batch.offsets");
    int batchesOfStep = (batches.length - 1) / steps;
    List<List<Example>> windows = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      List<Example> window = new ArrayList<>();
      for (int row = batches[step * batchesOfStep];
          row < batches[(step + 1) * batchesOfStep];
          row++) {
        int[] own = Arrays.copyOfRange(ids, offsets[row], offsets[row + 1]);
        boolean[] isLearned = new boolean[own.length];
        for (int t = 0; t < own.length; t++) {
          isLearned[t] = labels[offsets[row] + t] != -100;
        }
        window.add(new Example(own, isLearned));
      }
      windows.add(window);
    }
    return windows;
  }
}
