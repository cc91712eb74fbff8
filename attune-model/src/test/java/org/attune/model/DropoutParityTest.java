package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training passes with dropout in every place of the original, against transformers and PEFT in
 * training mode with the same masks.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DropoutParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("org.attune.model.ParityCases#dropping")
  void a_family_drops_where_its_original_does(String name) {
    Goldens golden = Goldens.open(name);
    try (LanguageModel model =
        LanguageModel.load(ParityCases.directory(golden.values().get("base").asText()))) {
      check(golden, model);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dropout-adapter-all-linear", "dropout-adapter-dora", "dropout-adapter-conv1d"})
  void an_adapter_drops_what_its_first_factor_reads_as_in_peft(String name) throws IOException {
    Goldens golden = Goldens.open(name);
    Path dropping =
        withDropout(
            Goldens.open(golden.values().get("adapter").asText())
                .tensors()
                .resolveSibling("adapter"),
            golden.values().get("rate").asDouble());
    try (LanguageModel model =
        LanguageModel.withAdapter(
            ParityCases.directory(golden.values().get("base").asText()), dropping)) {
      check(golden, model);
    }
  }

  private Path withDropout(Path adapter, double rate) throws IOException {
    for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(adapter.resolve(file), directory.resolve(file));
    }
    Path config = directory.resolve("adapter_config.json");
    ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(config));
    Files.writeString(config, json.put("lora_dropout", rate).toString());
    return directory;
  }

  private static void check(Goldens golden, LanguageModel model) {
    JsonNode values = golden.values();
    List<Long> seeds = new ArrayList<>();
    values.get("seeds").forEach(seed -> seeds.add(seed.asLong()));
    TokenBatch batch =
        TokenBatch.of(ArchitectureParityTest.sequences(values.get("input_ids")))
            .dropping(new DropoutSeeds(seeds, values.get("rate").asDouble()));
    Weights trained = model.trainedWeights();
    try (Replica replica = model.trainableReplica(DType.FLOAT32);
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open()) {
      Tensor outputs =
          model.head() == Head.SCORE
              ? replica.scores(batch)
              : replica.logits(replica.hidden(batch));
      Tolerance.LOGITS.check(
          "outputs",
          outputs.detached().toFloats(),
          ArchitectureParityTest.floats(expected, "outputs"));

      outputs.squared().sum().backward();

      List<WeightSpec> compared =
          trained.specs().stream()
              .filter(spec -> golden(expected, spec.name()).findFirst().isPresent())
              .toList();
      assertThat(compared).hasSize(values.get("gradients").size());
      for (WeightSpec spec : compared) {
        Tolerance.GRADIENTS.check(
            "gradient of " + spec.name(),
            trained.viewIn(replica.gradients(), spec.name()).toFloats(),
            ArchitectureParityTest.floats(
                expected, golden(expected, spec.name()).findFirst().orElseThrow()));
      }
    }
  }

  /** The golden's name for a weight's gradient. */
  private static Stream<String> golden(SafetensorsFile file, String weight) {
    return StreamSupport.stream(file.names().spliterator(), /* parallel= */ false)
        .filter(
            name ->
                name.equals("grad." + weight) || name.equals("grad.base_model.model." + weight));
  }
}
