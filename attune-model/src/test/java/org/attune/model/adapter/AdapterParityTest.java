package org.attune.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT saved, against what PEFT computes with them. */
class AdapterParityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adapter",
        "adapter-patterns",
        "adapter-layers",
        "adapter-all-linear",
        "adapter-dora",
        "adapter-embedding",
        "adapter-tied-embedding",
        "adapter-conv1d",
        "adapter-conv1d-dora"
      })
  void outputs_and_gradients_are_those_of_peft(String name) {
    try (GoldenAdapter golden = new GoldenAdapter(name);
        LanguageModel model = golden.model();
        Replica replica = model.trainableReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      Tensor logits = golden.logits(replica);
      for (int i = 0; i < golden.texts().size(); i++) {
        Tolerance.LOGITS.check(
            "logits." + i, golden.logits(logits, i), golden.floats("logits." + i));
      }
      Tensor loss = golden.loss(logits);
      Tolerance.LOGITS.check("loss", loss.item(), golden.number("loss"));

      loss.backward();
      replica.collect();

      checkGradients(golden, model, replica);
    }
  }

  @Test
  void a_classifier_trains_its_head_with_the_adapter() {
    try (GoldenAdapter golden = new GoldenAdapter("adapter-classifier");
        LanguageModel model = golden.model();
        Replica replica = model.trainableReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      assertThat(model.head()).isEqualTo(Head.SCORE);

      Tensor scores = replica.scores(TokenBatch.of(golden.texts())).squeezed(1);
      Tolerance.LOGITS.check("scores", scores.detached().toFloats(), golden.floats("scores"));
      scores.sum().backward();

      checkGradients(golden, model, replica);
    }
  }

  private static void checkGradients(GoldenAdapter golden, LanguageModel model, Replica replica) {
    for (WeightSpec spec : model.trainedWeights().specs()) {
      Tolerance.GRADIENTS.check(
          "gradient of " + spec.name(),
          model.trainedWeights().viewIn(replica.gradients(), spec.name()).toFloats(),
          golden.floats("grad." + savedName(model, spec.name())));
    }
  }

  /** PEFT's parameter for one of ours; biases of adapted modules lie in the layer it wraps. */
  private static String savedName(LanguageModel model, String name) {
    String module = name.substring(0, name.lastIndexOf('.'));
    boolean isAdapted = model.trainedWeights().has(module + ".lora_A.weight");
    return "base_model.model."
        + (name.endsWith(".bias") && isAdapted ? module + ".base_layer.bias" : name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adapter",
        "adapter-patterns",
        "adapter-all-linear",
        "adapter-dora",
        "adapter-embedding",
        "adapter-conv1d",
        "adapter-conv1d-dora"
      })
  void merged_weights_are_those_of_peft(String name) {
    try (GoldenAdapter golden = new GoldenAdapter(name);
        LanguageModel model = golden.model()) {
      model.adapters().mergeActive();

      try (Replica merged = model.frozenReplica(DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        Tensor logits = GradientMode.without(() -> golden.logits(merged));
        Tolerance.LOGITS.check(
            "merged", golden.logits(logits, 0), golden.floats("merged.logits.0"));
        Tolerance.LOGITS.check(
            "weight",
            model.weights().get(golden.text("merged")).toFloats(),
            golden.floats("merged." + golden.text("merged")));
      }
    }
  }

  @Test
  void a_replica_of_the_base_computes_as_peft_with_the_adapter_disabled() {
    try (GoldenAdapter golden = new GoldenAdapter("adapter");
        LanguageModel model = golden.model();
        Replica base = model.baseReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {
      Tensor logits = GradientMode.without(() -> golden.logits(base));

      Tolerance.LOGITS.check("base", golden.logits(logits, 0), golden.floats("disabled.0"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adapter",
        "adapter-patterns",
        "adapter-all-linear",
        "adapter-dora",
        "adapter-embedding",
        "adapter-classifier",
        "adapter-conv1d"
      })
  void a_saved_adapter_has_the_tensors_that_peft_saves(String name, @TempDir Path saved) {
    try (GoldenAdapter golden = new GoldenAdapter(name);
        LanguageModel model = golden.model();
        SafetensorsFile theirs = safetensors(golden.directory())) {
      model.save(saved);

      try (SafetensorsFile ours = safetensors(saved)) {
        assertThat(theirs.names()).containsAll(ours.names());
        for (String tensor : theirs.names()) {
          if (!tensor.endsWith("embed_tokens.base_layer.weight")) {
            assertThat(ours.info(tensor)).as(tensor).isEqualTo(theirs.info(tensor));
            assertThat(ours.data(tensor)).as(tensor).isEqualTo(theirs.data(tensor));
          }
        }
      }
      assertThat(AdapterDirectory.open(saved).config())
          .usingRecursiveComparison()
          .isEqualTo(AdapterDirectory.open(golden.directory()).config());
      assertThat(Files.exists(saved.resolve("config.json"))).isFalse();
    }
  }

  private static SafetensorsFile safetensors(Path directory) {
    return SafetensorsFile.open(directory.resolve("adapter_model.safetensors"));
  }
}
