package org.attune.model.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.adapter.Adapters;
import org.attune.model.adapter.LoraConfig;
import org.attune.model.adapter.LoraInit;
import org.attune.model.adapter.ModuleSelection;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuantizedModelTest {
  private static final List<int[]> TEXTS =
      List.of(new int[] {5, 80, 12, 9, 33, 7}, new int[] {44, 3, 90});

  private static Path base(String golden) {
    return Goldens.open(golden).tensors().resolveSibling("model");
  }

  private static LanguageModel adapted(LanguageModel model, boolean dora) {
    LoraConfig config =
        LoraConfig.builder()
            .rank(3)
            .dora(dora)
            .targets(ModuleSelection.ALL_LINEAR)
            .init(LoraInit.RANDOM)
            .build();
    model.adapters().add(Adapters.DEFAULT, config, 11);
    return model;
  }

  /** A model computes with its codes as a whole one does with the values that they stand for. */
  @ParameterizedTest
  @CsvSource({
    "llama-random, NF4, false",
    "llama-random-biased, INT8, true",
    "gpt2-random, NF4, true",
    "gpt2-random, INT8, false"
  })
  void outputs_and_gradients_are_those_of_the_dequantized_model(
      String golden, Quantization quantization, boolean dora) {
    Path base = base(golden);
    try (LanguageModel small = LanguageModel.load(base, base, Head.CAUSAL, 0, quantization);
        LanguageModel whole = LanguageModel.load(base, Head.CAUSAL, 0)) {
      GradientMode.useWithout(
          () -> {
            for (WeightSpec spec : whole.weights().specs()) {
              TensorScope.use(
                  () ->
                      whole
                          .weights()
                          .get(spec.name())
                          .copyInPlace(small.weights().get(spec.name())));
            }
          });
      try (Replica ours = adapted(small, dora).trainableReplica(DType.FLOAT32);
          Replica theirs = adapted(whole, dora).trainableReplica(DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        float[] actual = logits(ours);
        float[] expected = logits(theirs);

        Tolerance.LOGITS.check("logits", actual, expected);
        Tolerance.GRADIENTS.check(
            "gradients", ours.gradients().toFloats(), theirs.gradients().toFloats());
        assertThat(theirs.gradients().norm().item()).isPositive();
      }
    }
  }

  private static float[] logits(Replica replica) {
    Tensor logits = replica.logits(replica.hidden(TokenBatch.of(TEXTS)));
    logits.logSoftmax().squared().mean().backward();
    replica.collect();
    return logits.detached().toFloats();
  }

  @Test
  void linear_layers_but_the_output_are_quantized_and_nothing_else() {
    Path base = base("llama-random-biased");
    try (LanguageModel model = LanguageModel.load(base, base, Head.CAUSAL, 0, Quantization.NF4)) {
      assertThat(model.weights().specs())
          .allSatisfy(
              spec ->
                  assertThat(model.weights().isQuantized(spec.name()))
                      .as(spec.name())
                      .isEqualTo(spec.name().endsWith("_proj.weight")));
    }
  }

  @Test
  void a_quantized_base_cannot_take_an_adapter_in() {
    Path base = Bundled.stories260k();
    try (LanguageModel model =
        adapted(LanguageModel.load(base, base, Head.CAUSAL, 0, Quantization.INT8), false)) {
      assertThatThrownBy(() -> model.adapters().mergeActive())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("in fewer bits")
          .hasMessageContaining("Load it whole to merge.");
    }
  }
}
