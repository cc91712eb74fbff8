package org.attune.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logits and gradients against transformers' own, on whole texts of different length in one batch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureParityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"llama-stories260k", "llama-random", "llama-random-biased", "gpt2-random"})
  void logits_and_gradients_are_those_of_the_original(String name) {
    Goldens golden = Goldens.open(name);
    List<int[]> texts = sequences(golden.values().get("input_ids"));
    try (LanguageModel model = LanguageModel.load(directory(name));
        Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(texts);
      Tensor logits = replica.logits(replica.hidden(batch));

      List<Integer> predicting = new ArrayList<>();
      List<Integer> targets = new ArrayList<>();
      for (int s = 0; s < texts.size(); s++) {
        Tensor own = GradientMode.without(() -> logits.detached());
        float[] actual = own.narrow(0, batch.start(s), batch.length(s)).toFloats();
        Tolerance.LOGITS.check(name + " logits." + s, actual, floats(expected, "logits." + s));
        for (int t = 1; t < batch.length(s); t++) {
          predicting.add(batch.start(s) + t - 1);
          targets.add(texts.get(s)[t]);
        }
      }
      Tensor loss =
          logits
              .indexSelect(0, Tensor.indices(ints(predicting)))
              .crossEntropySum(Tensor.indices(ints(targets)))
              .dividedBy(targets.size());
      Tolerance.LOGITS.check(name + " loss", loss.item(), golden.values().get("loss").asDouble());

      loss.backward();
      replica.collect();
      for (WeightSpec spec : model.weights().specs()) {
        Tolerance.GRADIENTS.check(
            name + " gradient of " + spec.name(),
            model.weights().viewIn(replica.gradients(), spec.name()).toFloats(),
            floats(expected, "grad." + spec.name()));
      }
    }
  }

  @Test
  void a_classifier_scores_the_last_token_of_each_sequence_as_the_original_does() {
    Goldens golden = Goldens.open("llama-random-classifier");
    try (LanguageModel model = LanguageModel.load(directory("llama-random-classifier"));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      TokenBatch batch = TokenBatch.of(sequences(golden.values().get("input_ids")));

      float[] scores = GradientMode.without(() -> replica.scores(batch).toFloats());

      Tolerance.LOGITS.check("scores", scores, floats(expected, "scores"));
    }
  }

  static Path directory(String golden) {
    return golden.equals("llama-stories260k")
        ? Bundled.stories260k()
        : Goldens.open(golden).tensors().resolveSibling("model");
  }

  static List<int[]> sequences(JsonNode rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                StreamSupport.stream(row.spliterator(), false).mapToInt(JsonNode::asInt).toArray())
        .toList();
  }

  static float[] floats(SafetensorsFile file, String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
