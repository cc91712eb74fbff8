package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.tensor.DType;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.attune.train.GoldenTensors;
import org.attune.train.rows.Example;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loss that keeps experts evenly loaded, beside the loss of the tokens. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RouterLossTest {
  private static final Goldens GOLDEN = Goldens.open("family-mixtral");
  private static final Path MODEL = GOLDEN.tensors().resolveSibling("model");
  private static final double WEIGHT = 0.05; // router_aux_loss_coef of the golden's model

  @TempDir Path temporary;

  @Test
  void adds_its_gradient_to_that_of_the_tokens_loss_as_the_original_does() {
    List<Example> rows = rows();
    long learned = rows.stream().mapToLong(Example::learnedCount).sum();
    int tokens = rows.stream().mapToInt(Example::length).sum();
    GoldenTensors expected = GoldenTensors.open(GOLDEN);
    try (LanguageModel model = LanguageModel.load(MODEL, Head.CAUSAL, 0);
        Replica replica = model.trainableReplica(DType.FLOAT32);
        TensorScope scope = TensorScope.open()) {

      TokenLoss.Sums sums =
          TokenLoss.backward(replica, rows, 1.0 / learned, WEIGHT / tokens, TokenLoss.Figures.LOSS);
      replica.collect();

      Tolerance.LOGITS.check("loss", sums.loss() / learned, GOLDEN.values().get("loss").asDouble());
      Tolerance.LOGITS.check(
          "router loss", sums.router() / tokens, GOLDEN.values().get("router_loss").asDouble());
      for (int layer = 0; layer < model.architecture().layers(); layer++) {
        String name = "model.layers." + layer + ".block_sparse_moe.gate.weight";
        float[] both = expected.floats("grad." + name);
        float[] router = expected.floats("grad.router_loss." + name);
        for (int i = 0; i < both.length; i++) {
          both[i] += (float) WEIGHT * router[i];
        }
        Tolerance.GRADIENTS.check(
            name, model.weights().viewIn(replica.gradients(), name).toFloats(), both);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void gradients_are_the_same_bits_each_time(DType type) {
    float[] first = gradients(type);

    Tolerance.EXACT.check("gradients", gradients(type), first);
    assertThat(first).doesNotContain(Float.NaN).isNotEqualTo(new float[first.length]);
  }

  private static float[] gradients(DType type) {
    try (LanguageModel model = LanguageModel.load(MODEL, Head.CAUSAL, 0);
        Replica replica = model.trainableReplica(type);
        TensorScope scope = TensorScope.open()) {
      TokenLoss.backward(replica, rows(), 1, WEIGHT, TokenLoss.Figures.LOSS);
      replica.collect();
      return replica.gradients().toFloats();
    }
  }

  @Test
  void is_asked_for_by_the_models_configuration() {
    try (LanguageModel model = LanguageModel.load(MODEL)) {
      assertThat(model.architecture().routerLossWeight()).isEqualTo(WEIGHT);
    }
  }

  @Test
  void cannot_be_asked_of_a_model_without_experts() {
    SftConfig config =
        SftConfig.builder()
            .runDir(temporary.resolve("run"))
            .model(Bundled.stories260k().toString())
            .training(t -> t.maxSteps(1).routerAuxLossCoefficient(WEIGHT))
            .build();

    assertThatThrownBy(() -> SftTrainer.of(config).on(Stories.rows(4)).train())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(
            "training.router-aux-loss-coefficient must be left out for a model without experts but was 0.05");
  }

  @Nested
  class A_run {
    private static final int STEPS = 4;

    private Path model;

    @BeforeEach
    void makeModel() throws IOException {
      model = Files.createDirectory(temporary.resolve("model"));
      Path tokenizer = Bundled.stories260k();
      for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
        Files.copy(tokenizer.resolve(file), model.resolve(file));
      }
      String config = Files.readString(MODEL.resolve("config.json"));
      Files.writeString(
          model.resolve("config.json"),
          config.replaceAll("\"vocab_size\": \\d+", "\"vocab_size\": 512"));
      try (LanguageModel fresh = LanguageModel.fresh(model, Head.CAUSAL, 1)) {
        fresh.save(model);
      }
    }

    @Test
    void reports_how_evenly_experts_are_loaded() {
      run("run").train();

      assertThat(auxLosses("run")).hasSize(STEPS).allSatisfy(this::isOfFiveExperts);
    }

    @Test
    void goes_on_after_a_stop_with_the_same_bits() throws IOException {
      Path whole = run("whole").train();
      StopRequest stop = new StopRequest();
      run("stopped")
          .stoppingOn(stop)
          .progress((what, step, total, figures) -> stop.request())
          .train();
      Path resumed = run("stopped").mode(TrainingSession.Mode.RESUME).train();

      assertThat(resumed.resolve("model.safetensors"))
          .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
      assertThat(auxLosses("stopped")).isEqualTo(auxLosses("whole"));
    }

    private void isOfFiveExperts(Double loss) {
      assertThat(loss).isPositive().isLessThan(5);
    }

    private SftTrainer run(String folder) {
      return SftTrainer.of(
              SftConfig.builder()
                  .runDir(temporary.resolve(folder))
                  .model(model.toString())
                  .maxLength(48)
                  .training(t -> t.maxSteps(STEPS).batchSize(4).loggingSteps(1).replicas(2))
                  .build())
          .on(Stories.rows(12));
    }

    private List<Double> auxLosses(String folder) {
      return EventLog.metrics(RunFolder.open(temporary.resolve(folder)).events()).values().stream()
          .map(figures -> figures.get("aux_loss"))
          .toList();
    }
  }

  private static List<Example> rows() {
    List<Example> rows = new ArrayList<>();
    for (JsonNode ids : GOLDEN.values().get("input_ids")) {
      rows.add(
          Example.of(
              StreamSupport.stream(ids.spliterator(), false).mapToInt(JsonNode::asInt).toArray()));
    }
    return rows;
  }
}
