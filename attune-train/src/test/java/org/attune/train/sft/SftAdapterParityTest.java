package org.attune.train.sft;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.weights.WeightSpec;
import org.attune.run.OptimizerConfig;
import org.attune.run.ScheduleConfig;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty steps from the adapter that TRL started with, on the token ids that it trained on. */
class SftAdapterParityTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twenty_steps_follow_the_original(int replicas) {
    Goldens golden = Goldens.open("adapter-sft");
    double[] expectedLoss = golden.numbers("/trajectory/loss");
    int steps = expectedLoss.length;
    List<List<Example>> windows = SftParityTest.windows(golden, steps);
    var settings = golden.values().get("settings");
    OptimizerConfig optimizer =
        OptimizerConfig.builder()
            .learningRate(settings.get("learning_rate").asDouble())
            .weightDecay(settings.get("weight_decay").asDouble())
            .build();
    LearningRate rate =
        new LearningRate(ScheduleConfig.builder().build(), optimizer.learningRate(), steps);
    double[] loss = new double[steps];
    double[] gradNorm = new double[steps];
    Path start = golden.tensors().resolveSibling("start");

    try (Workers workers = new Workers(replicas);
        LanguageModel model =
            LanguageModel.withAdapter(Bundled.stories260k(), start, Head.CAUSAL, 0);
        ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
        Adam adam = new Adam(optimizer, model.trainedWeights(), workers);
        TensorScope scope = TensorScope.open()) {
      MicroBatches parts = new MicroBatches(replicas, model.architecture().hiddenSize());
      SftStep step = new SftStep(group, parts, adam, settings.get("max_grad_norm").asDouble());
      for (int i = 0; i < steps; i++) {
        SftStep.Result result = step.take(windows.get(i), rate.at(i), TokenLoss.Figures.LOSS);
        loss[i] = result.loss();
        gradNorm[i] = result.gradNorm();
      }
      checkEnd(model, golden.tensors().resolveSibling("end/adapter_model.safetensors"));
    }

    Tolerance.LOGITS.check("first loss", loss[0], expectedLoss[0]);
    Tolerance.TRAJECTORY.check("loss", loss, expectedLoss);
    Tolerance.TRAJECTORY.check("gradient norm", gradNorm, golden.numbers("/trajectory/grad_norm"));
  }

  /** By norms: Adam moves a weight visibly where its first gradients are nothing but rounding. */
  private static void checkEnd(LanguageModel model, Path file) {
    try (SafetensorsFile end = SafetensorsFile.open(file)) {
      for (WeightSpec spec : model.trainedWeights().specs()) {
        FloatBuffer expected = FloatBuffer.allocate((int) spec.count());
        end.readFloats("base_model.model." + spec.name(), expected);
        Tolerance.TRAINED.check(
            "norm of " + spec.name(),
            model.trainedWeights().get(spec.name()).norm().item(),
            Tensor.vector(expected.array()).norm().item());
      }
    }
  }
}
