package org.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.attune.model.ParityTable.Column;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An adapter of PEFT on the linear layers of each family, against what PEFT computes with it:
 * logits of causal models, scores of encoders.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FamilyAdapterParityTest {
  private static final String ADAPTERS = "org.attune.model.ParityCases#adapters";

  private final ParityTable table = new ParityTable();

  @AfterAll
  void writeTable() {
    table.write();
  }

  @ParameterizedTest
  @MethodSource(ADAPTERS)
  void a_model_with_an_adapter_computes_as_peft_does_and_so_it_does_merged(String name) {
    Goldens golden = Goldens.open(name);
    TokenBatch batch =
        TokenBatch.of(ArchitectureParityTest.sequences(golden.values().get("input_ids")));
    try (LanguageModel model = LanguageModel.withAdapter(base(golden), adapter(golden));
        SafetensorsFile expected = SafetensorsFile.open(golden.tensors())) {
      float[] original = ArchitectureParityTest.floats(expected, "outputs");

      float[] adapted = outputs(model, batch);
      model.adapters().mergeActive();
      float[] merged = outputs(model, batch);

      Tolerance.LOGITS.check(name, adapted, original);
      Tolerance.LOGITS.check(name + " merged", merged, original);
      assertThat(model.adapters().names()).isEmpty();
      String modelType = model.architecture().modelType();
      table.measured(modelType, Column.LORA, adapted, original);
      table.measured(modelType, Column.LORA, merged, original);
    }
  }

  private static float[] outputs(LanguageModel model, TokenBatch batch) {
    try (Replica replica = model.frozenReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      return GradientMode.without(
              () ->
                  model.head() == Head.SCORE
                      ? replica.scores(batch)
                      : replica.logits(replica.hidden(batch)))
          .toFloats();
    }
  }

  private static Path base(Goldens golden) {
    return ParityCases.directory(golden.values().get("base").asText());
  }

  private static Path adapter(Goldens golden) {
    return golden.tensors().resolveSibling("adapter");
  }
}
