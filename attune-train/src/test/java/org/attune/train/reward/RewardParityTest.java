package org.attune.train.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.tokenizer.TokenSequence;
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
import org.attune.train.rows.MicroBatches;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fifty steps on the token ids and the head that TRL trained with, held against all that it logged.
 */
class RewardParityTest {

  @ParameterizedTest(name = "{0} with {1} replicas")
  @CsvSource({
    "reward, 1",
    "reward, 2",
    "reward-margin, 1",
    "reward-margin, 2",
    "reward-encoder, 1",
    "reward-encoder, 2"
  })
  void fifty_steps_follow_the_original(String name, int replicas) {
    Goldens golden = Goldens.open(name);
    JsonNode settings = golden.values().get("settings");
    List<List<Pair>> batches = batches(golden);
    int steps = batches.size();
    OptimizerConfig optimizer =
        OptimizerConfig.builder()
            .learningRate(settings.get("learning_rate").asDouble())
            .weightDecay(settings.get("weight_decay").asDouble())
            .build();
    LearningRate rate =
        new LearningRate(ScheduleConfig.builder().build(), optimizer.learningRate(), steps);
    double centering = settings.path("center_rewards_coefficient").asDouble(0);
    PairScoring scoring = new PairScoring(new BradleyTerryLoss(centering));
    List<RewardStep.Result> results = new ArrayList<>();

    try (Workers workers = new Workers(replicas);
        LanguageModel model = LanguageModel.load(start(golden), Head.SCORE, 0);
        ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
        Adam adam = new Adam(optimizer, model.weights(), workers);
        TensorScope scope = TensorScope.open()) {
      if (model.weights().has(Head.SCORE_WEIGHT)) { // the head that the original began with
        model
            .weights()
            .get(Head.SCORE_WEIGHT)
            .floats()
            .put(GoldenTensors.open(golden).floats(Head.SCORE_WEIGHT));
      }
      MicroBatches parts = new MicroBatches(replicas, model.architecture().hiddenSize());
      RewardStep step =
          new RewardStep(scoring, group, parts, adam, settings.get("max_grad_norm").asDouble());
      for (int i = 0; i < steps; i++) {
        results.add(step.take(batches.get(i), rate.at(i)));
      }
    }

    Tolerance.TRAJECTORY.check("loss", series(results, "loss"), numbers(golden, "loss"));
    Tolerance.EXACT.check("accuracy", series(results, "accuracy"), numbers(golden, "accuracy"));
    Tolerance.TRAJECTORY.check(
        "gradient norm",
        results.stream().mapToDouble(RewardStep.Result::gradNorm).toArray(),
        numbers(golden, "grad_norm"));
    // these cross 0, where a bound relative to each value means nothing
    for (String metric : List.of("margin", "min_reward", "mean_reward", "max_reward")) {
      double[] expected = numbers(golden, metric);
      double[] actual = series(results, metric);
      Tolerance.LOGITS.check("first " + metric, actual[0], expected[0]);
      // a random model is less smooth than a trained one, so Adam's rounding shows more
      boolean isTrained = golden.values().has("model");
      Tolerance bound = isTrained ? Tolerance.GRADIENTS : Tolerance.TRAINED;
      bound.check(metric, actual, expected);
    }
    long tokens = 0;
    double[] expectedTokens = numbers(golden, "num_tokens");
    for (int i = 0; i < steps; i++) {
      tokens += batches.get(i).stream().mapToLong(Pair::length).sum();
      assertThat(tokens).isEqualTo((long) expectedTokens[i]);
    }
  }

  private static Path start(Goldens golden) {
    return golden.values().has("model")
        ? Bundled.stories260k()
        : golden.tensors().resolveSibling("model");
  }

  private static double[] series(List<RewardStep.Result> results, String metric) {
    return results.stream().mapToDouble(result -> result.sums().metrics().get(metric)).toArray();
  }

  private static double[] numbers(Goldens golden, String metric) {
    return golden.numbers("/trajectory/" + metric);
  }

  private static List<List<Pair>> batches(Goldens golden) {
    GoldenTensors tensors = GoldenTensors.open(golden);
    int[] ids = tensors.integers("input_ids");
    int[] offsets = tensors.integers("input_ids.offsets");
    boolean hasMargins = golden.values().get("settings").has("center_rewards_coefficient");
    int pairsOfBatch = golden.values().get("pairs_per_batch").asInt();
    int steps = (offsets.length - 1) / (2 * pairsOfBatch);
    float[] margins = hasMargins ? tensors.floats("margins") : new float[steps * pairsOfBatch];
    List<List<Pair>> batches = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      List<Pair> batch = new ArrayList<>();
      for (int i = 0; i < pairsOfBatch; i++) {
        int chosen = 2 * pairsOfBatch * step + i;
        int rejected = chosen + pairsOfBatch;
        int number = step * pairsOfBatch + i;
        batch.add(
            new Pair(
                number + 1,
                TokenSequence.of(Arrays.copyOfRange(ids, offsets[chosen], offsets[chosen + 1])),
                TokenSequence.of(Arrays.copyOfRange(ids, offsets[rejected], offsets[rejected + 1])),
                margins[number]));
      }
      batches.add(batch);
    }
    return batches;
  }
}
