package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.adapter.Adapters;
import org.attune.model.adapter.LoraConfig;
import org.attune.model.adapter.LoraInit;
import org.attune.model.adapter.ModuleSelection;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.run.ComputeDtype;
import org.attune.run.TrainingConfig;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.SftConfig;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.Example;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession.Mode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SftDropoutTest {
  private static final double RATE = 0.2;

  @TempDir private Path folder;

  /** One step's gradients, however its sequences are cut into parts. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_step {
    private static final List<List<Integer>> WHOLE = List.of(List.of(0, 1, 2, 3, 4, 5));
    private static final List<List<Integer>> CUT =
        List.of(List.of(4, 0), List.of(3), List.of(), List.of(1, 5, 2));

    private final DropoutSeeds seeds = DropoutSeeds.ofStep(42, 7, 6, RATE);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void drops_the_same_in_parts_and_on_replicas_as_at_once(boolean adapter) {
      try (LanguageModel model = model(adapter)) {
        float[] whole = gradients(model, WHOLE, 1, seeds);

        Tolerance.GRADIENTS.check("4 parts", gradients(model, CUT, 1, seeds), whole);
        Tolerance.GRADIENTS.check("2 replicas", gradients(model, CUT, 2, seeds), whole);
      }
    }

    @Test
    void has_the_same_bits_again_on_the_same_replicas() {
      try (LanguageModel model = model(true)) {
        assertThat(gradients(model, CUT, 2, seeds)).isEqualTo(gradients(model, CUT, 2, seeds));
      }
    }

    @Test
    void drops_something_else_next_time() {
      try (LanguageModel model = model(false)) {
        assertThat(gradients(model, WHOLE, 1, DropoutSeeds.ofStep(42, 8, 6, RATE)))
            .isNotEqualTo(gradients(model, WHOLE, 1, seeds));
      }
    }

    @Test
    void without_dropout_has_the_bits_of_one_that_was_given_no_seeds() {
      try (LanguageModel model = model(false)) {
        assertThat(gradients(model, WHOLE, 1, DropoutSeeds.ofStep(42, 7, 6, 0.0)))
            .isEqualTo(gradients(model, WHOLE, 1, null));
      }
    }

    /** An adapter drops before its own first factor, the model in attention. */
    private LanguageModel model(boolean adapter) {
      LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
      if (adapter) {
        model
            .adapters()
            .add(
                Adapters.DEFAULT,
                LoraConfig.builder()
                    .rank(4)
                    .dropout(RATE)
                    .init(LoraInit.RANDOM)
                    .targets(new ModuleSelection(List.of("q_proj", "down_proj", "lm_head"), null))
                    .build(),
                3);
      }
      return model;
    }

    private float[] gradients(
        LanguageModel model,
        List<List<Integer>> parts,
        int replicas,
        @Nullable DropoutSeeds seeds) {
      List<Example> rows =
          Stories.texts(6).stream()
              .map(text -> Example.of(model.tokenizer().encode(text)).truncated(40))
              .toList();
      try (Workers workers = new Workers(replicas);
          ReplicaGroup group = new ReplicaGroup(model, workers, DType.FLOAT32);
          TensorScope scope = TensorScope.open()) {
        group.accumulate(
            parts,
            (replica, part) ->
                TokenLoss.backward(
                    replica,
                    part.stream().map(rows::get).toList(),
                    seeds == null ? null : seeds.of(part),
                    1.0 / 100,
                    0,
                    TokenLoss.Figures.LOSS));
        return GradientMode.without(() -> group.gradients().toFloats());
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_run {
    @Test
    void drops_as_its_models_configuration_says() throws IOException {
      float dropping = loss(trained("configured", dropping(RATE), t -> t));

      assertThat(loss(trained("set", Bundled.stories260k(), t -> t.dropout(RATE))))
          .isEqualTo(dropping);
      assertThat(loss(trained("plain", Bundled.stories260k(), t -> t))).isNotEqualTo(dropping);
    }

    @Test
    void drops_nothing_where_that_is_switched_off() throws IOException {
      assertThat(loss(trained("off", dropping(RATE), t -> t.dropout(0.0))))
          .isEqualTo(loss(trained("plain", Bundled.stories260k(), t -> t)));
    }

    @Test
    void is_evaluated_without_dropout() {
      // at a learning rate of almost 0 the model stays what it was
      Path dropped = still("dropped", RATE);
      Path plain = still("plain", 0.0);

      assertThat(figure(dropped, "loss")).isNotEqualTo(figure(plain, "loss"));
      assertThat(figure(dropped, "eval_loss")).isEqualTo(figure(plain, "eval_loss"));
    }

    private Path still(String name, double rate) {
      Path run = folder.resolve(name);
      SftTrainer.of(
              config(run, Bundled.stories260k(), t -> t.maxSteps(1).dropout(rate)).toBuilder()
                  .optimizer(o -> o.learningRate(1e-30))
                  .build())
          .on(Stories.rows(12))
          .evaluatingOn(Stories.rows(4))
          .train();
      return run;
    }

    @Test
    void resumes_with_the_masks_that_it_would_have_drawn() {
      Path whole = trained("whole", Bundled.stories260k(), t -> t.dropout(RATE));
      Path run = folder.resolve("resumed");
      SftConfig config = config(run, Bundled.stories260k(), t -> t.dropout(RATE).saveSteps(2));
      StopRequest stop = new StopRequest();
      SftTrainer.of(config)
          .on(Stories.rows(12))
          .stoppingOn(stop)
          .progress(
              (what, done, total, figures) -> {
                if (done == 3) {
                  stop.request();
                }
              })
          .train();

      Path resumed = SftTrainer.of(config).on(Stories.rows(12)).mode(Mode.RESUME).train();

      assertThat(resumed.resolve("model.safetensors"))
          .hasSameBinaryContentAs(saved(whole).resolve("model.safetensors"));
    }

    private Path trained(String name, Path model, UnaryOperator<TrainingConfig.Builder> training) {
      Path run = folder.resolve(name);
      SftTrainer.of(config(run, model, training)).on(Stories.rows(12)).train();
      return run;
    }

    private SftConfig config(Path run, Path model, UnaryOperator<TrainingConfig.Builder> training) {
      return SftConfig.builder()
          .runDir(run)
          .model(model.toString())
          .maxLength(48)
          .optimizer(o -> o.learningRate(1e-3))
          .training(
              t ->
                  training.apply(
                      t.maxSteps(6)
                          .batchSize(4)
                          .loggingSteps(1)
                          .replicas(2)
                          .computeDtype(ComputeDtype.FP32)))
          .build();
    }

    private Path saved(Path run) {
      return RunFolder.open(run).checkpoints().latest().orElseThrow().path();
    }

    private float loss(Path run) {
      return figure(run, "loss").floatValue();
    }

    private Double figure(Path run, String name) {
      Map<Integer, Map<String, Double>> metrics = EventLog.metrics(RunFolder.open(run).events());
      return metrics.values().stream()
          .map(values -> values.get(name))
          .filter(Objects::nonNull)
          .reduce((first, second) -> second)
          .orElseThrow();
    }

    /** The bundled model, whose configuration asks for dropout of attention. */
    private Path dropping(double rate) throws IOException {
      Path model = Files.createDirectories(folder.resolve("model"));
      try (Stream<Path> files = Files.list(Bundled.stories260k())) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.copy(file, model.resolve(file.getFileName()));
        }
      }
      Path config = model.resolve("config.json");
      ObjectNode json = (ObjectNode) new ObjectMapper().readTree(config.toFile());
      Files.writeString(config, json.put("attention_dropout", rate).toString());
      return model;
    }
  }
}
