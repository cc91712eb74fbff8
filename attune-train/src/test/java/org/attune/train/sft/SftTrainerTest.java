package org.attune.train.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.data.Dataset;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.testkit.Bundled;
import org.attune.train.TrainingDivergedException;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SftTrainerTest {
  private ComputeDtype computeDtype = ComputeDtype.FP32;

  @TempDir Path temporary;
  private Path run;

  @BeforeEach
  void chooseFolder() {
    run = temporary.resolve("run");
  }

  @Nested
  class A_run_folder {
    @Test
    void holds_settings_events_and_whole_checkpoints() {
      Path saved = SftTrainer.of(config(6)).on(Stories.rows(12)).train();

      assertThat(saved).isEqualTo(run.resolve("checkpoints/step-6"));
      assertThat(run.resolve("config.yaml")).content().contains("max-steps: 6");
      assertThat(steps()).containsExactly(3, 6);
      for (String file :
          List.of(
              "config.json",
              "generation_config.json",
              "model.safetensors",
              "tokenizer.json",
              "trainer/state.json",
              "trainer/optimizer.safetensors")) {
        assertThat(saved.resolve(file)).isNotEmptyFile();
      }
      LanguageModel.load(saved, Head.CAUSAL, 0).close();
      assertThat(states()).containsExactly(Event.State.STARTED, Event.State.FINISHED);
    }

    @Test
    void has_the_figures_of_every_logging_window_and_of_the_last_step() {
      SftTrainer.of(config(5)).on(Stories.rows(12)).train();

      Map<Integer, Map<String, Double>> metrics = EventLog.metrics(folder().events());
      assertThat(metrics.keySet()).containsExactly(2, 4, 5);
      assertThat(metrics.values())
          .allSatisfy(
              values ->
                  assertThat(values)
                      .containsOnlyKeys(
                          "loss",
                          "grad_norm",
                          "learning_rate",
                          "epoch",
                          "entropy",
                          "mean_token_accuracy"));
      assertThat(metrics.get(5)).containsEntry("epoch", 5.0 / 3);
      assertThat(metrics.values())
          .allSatisfy(values -> assertThat(values.get("loss")).isBetween(0.5, 4.0));
    }

    @Test
    void has_evaluations_at_their_steps_and_at_the_end() {
      SftTrainer.of(config(5).toBuilder().training(t -> t.evalSteps(2)).build())
          .on(Stories.rows(12))
          .evaluatingOn(Stories.rows(3))
          .train();

      assertThat(evaluations()).containsExactly(2, 4, 5);
    }

    @Test
    void keeps_as_many_checkpoints_as_asked() {
      SftTrainer.of(config(6).toBuilder().training(t -> t.saveSteps(1).saveTotalLimit(2)).build())
          .on(Stories.rows(12))
          .train();

      assertThat(steps()).containsExactly(5, 6);
    }

    @Test
    void that_exists_is_an_error_for_a_new_run() {
      SftTrainer.of(config(1)).on(Stories.rows(4)).train();

      assertThatThrownBy(() -> SftTrainer.of(config(1)).on(Stories.rows(4)).train())
          .hasMessageContaining(run.toString())
          .hasMessageContaining("has a run already")
          .hasMessageContaining("--resume");
    }
  }

  @Nested
  class Rows {
    @Test
    void longer_than_the_models_context_are_cut_to_it_in_training_and_evaluation() {
      Dataset longRows = Dataset.fromRows(List.of(Map.of("text", "word ".repeat(2000))));

      SftTrainer.of(config(1).toBuilder().maxLength(4096).build())
          .on(longRows)
          .evaluatingOn(longRows)
          .train();

      assertThat(evaluations()).containsExactly(1);
    }

    @Test
    void get_their_text_from_a_formatting_function() {
      Dataset rows = Dataset.fromRows(List.of(Map.of("question", "Why?", "answer", "So.")));
      List<String> seen = new ArrayList<>();

      SftTrainer.of(config(1))
          .on(rows)
          .formatting(
              row -> {
                String text = "### Question: " + row.text("question") + " " + row.text("answer");
                seen.add(text);
                return text;
              })
          .train();

      assertThat(seen).containsExactly("### Question: Why? So.");
    }

    @Test
    void get_their_text_from_a_template_as_from_a_formatting_function() {
      Dataset rows = Dataset.fromRows(List.of(Map.of("question", "Why $1?", "answer", "So.")));
      SftConfig templated =
          config(2).toBuilder().data(d -> d.formatTemplate("Q: {question} A: {answer}")).build();
      Path byTemplate = SftTrainer.of(templated).on(rows).train();
      run = temporary.resolve("other");
      Path byFunction =
          SftTrainer.of(config(2))
              .on(rows)
              .formatting(row -> "Q: " + row.text("question") + " A: " + row.text("answer"))
              .train();

      assertThat(byTemplate.resolve("model.safetensors"))
          .hasSameBinaryContentAs(byFunction.resolve("model.safetensors"));
    }

    @Test
    void a_template_that_names_a_missing_column_is_an_error() {
      SftConfig templated = config(1).toBuilder().data(d -> d.formatTemplate("{question}")).build();

      assertThatThrownBy(() -> SftTrainer.of(templated).on(Stories.rows(1)).train())
          .hasMessageContaining("no column \"question\"")
          .hasMessageContaining("The columns are text");
    }

    @Test
    void come_from_the_files_of_the_settings_where_none_are_given() {
      Path file = temporary.resolve("rows.jsonl");
      Stories.rows(4).toJsonl(file);

      SftTrainer.of(config(1).toBuilder().data(d -> d.train(file).eval(file)).build()).train();

      assertThat(evaluations()).containsExactly(1);
    }

    @Test
    void given_to_the_trainer_do_not_hide_the_evaluation_files_of_the_settings() {
      Path file = temporary.resolve("rows.jsonl");
      Stories.rows(2).toJsonl(file);

      SftTrainer.of(config(1).toBuilder().data(d -> d.eval(file)).build())
          .on(Stories.rows(4))
          .train();

      assertThat(evaluations()).containsExactly(1);
    }

    @Test
    void are_read_with_the_tokenizer_of_the_settings() throws Exception {
      Path model = Files.createDirectory(temporary.resolve("model-without-tokenizer"));
      for (String file : List.of("config.json", "model.safetensors")) {
        Files.copy(Bundled.stories260k().resolve(file), model.resolve(file));
      }

      Path saved =
          SftTrainer.of(
                  config(1).toBuilder()
                      .model(model.toString())
                      .tokenizer(Bundled.stories260k().toString())
                      .build())
              .on(Stories.rows(4))
              .train();

      assertThat(saved.resolve("tokenizer.json"))
          .hasSameBinaryContentAs(Bundled.stories260k().resolve("tokenizer.json"));
    }

    @Test
    void are_refused_with_a_tokenizer_of_more_tokens_than_the_model_has_places_for() {
      Path tokenizer = Bundled.gpt2Tokenizer();

      assertThatThrownBy(
              () ->
                  SftTrainer.of(config(1).toBuilder().tokenizer(tokenizer.toString()).build())
                      .on(Stories.rows(4))
                      .train())
          .hasMessageContaining(tokenizer + " has 50,257 tokens")
          .hasMessageContaining("has places for ")
          .hasMessageContaining("the tokenizer that the model was trained with");
    }

    @Test
    void that_nobody_names_are_an_error() {
      assertThatThrownBy(() -> SftTrainer.of(config(1)).train())
          .hasMessageContaining("data.train names no file");
    }

    @Test
    void are_packed_and_wrapped() {
      for (Packing packing : Packing.values()) {
        run = temporary.resolve(packing.name());
        SftTrainer.of(config(2).toBuilder().packing(packing).build()).on(Stories.rows(8)).train();
        assertThat(states()).endsWith(Event.State.FINISHED);
      }
    }
  }

  @Nested
  class Divergence {
    @Test
    void stops_with_step_and_learning_rate_and_tears_nothing() {
      SftConfig config =
          config(50).toBuilder()
              .optimizer(o -> o.learningRate(1e30))
              .training(t -> t.saveSteps(1))
              .build();

      assertThatThrownBy(() -> SftTrainer.of(config).on(Stories.rows(12)).train())
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("Step ")
          .hasMessageContaining("optimizer.learning-rate")
          .hasMessageContaining("E29");
      assertThat(states()).endsWith(Event.State.FAILED);
      assertThat(folder().checkpoints().all())
          .allSatisfy(
              checkpoint -> {
                assertThat(checkpoint.path().resolve("trainer/state.json")).exists();
                LanguageModel.load(checkpoint.path(), Head.CAUSAL, 0).close();
              });
    }
  }

  @Nested
  class Resuming {
    @Test
    void a_finished_run_returns_its_checkpoint_at_once() {
      Path saved = SftTrainer.of(config(2)).on(Stories.rows(4)).train();
      int events = folder().events().size();

      Path again = SftTrainer.of(config(2)).on(Stories.rows(4)).mode(Mode.RESUME).train();

      assertThat(again).isEqualTo(saved);
      assertThat(folder().events()).hasSize(events);
    }

    @Test
    void without_a_checkpoint_starts_over() {
      Path uninterrupted = train("uninterrupted", UnaryOperator.identity());
      run = temporary.resolve("interrupted");
      interruptAfter(2); // the first checkpoint comes at step 3

      Path resumed = SftTrainer.of(config(9)).on(Stories.rows(12)).mode(Mode.RESUME).train();

      assertSameModel(resumed, uninterrupted);
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void gives_the_bits_of_a_run_that_was_never_interrupted(ComputeDtype type) {
      computeDtype = type;
      Path uninterrupted = train("uninterrupted", UnaryOperator.identity());
      run = temporary.resolve("interrupted");
      interruptAfter(5);
      assertThat(steps()).containsExactly(3);

      Path resumed = SftTrainer.of(config(9)).on(Stories.rows(12)).mode(Mode.RESUME).train();

      assertSameModel(resumed, uninterrupted);
      assertThat(states())
          .containsExactly(
              Event.State.STARTED, Event.State.FAILED, Event.State.RESUMED, Event.State.FINISHED);
    }

    @Test
    void keeps_the_number_of_replicas_that_the_run_began_with() {
      train("uninterrupted", UnaryOperator.identity());

      assertThat(run.resolve("checkpoints/step-9/trainer/state.json"))
          .content()
          .contains("\"replicas\":2");
    }

    @Test
    void another_seed_gives_another_model() {
      Path one = train("one", UnaryOperator.identity());
      Path other = train("other", c -> c.training(t -> t.seed(7)));

      assertThat(modelOf(one)).isNotEqualTo(modelOf(other));
    }

    private Path train(String folder, UnaryOperator<SftConfig.Builder> change) {
      run = temporary.resolve(folder);
      return SftTrainer.of(change.apply(config(9).toBuilder()).build())
          .on(Stories.rows(12))
          .train();
    }

    private void interruptAfter(long step) {
      assertThatThrownBy(
              () ->
                  SftTrainer.of(config(9))
                      .on(Stories.rows(12))
                      .progress(
                          (what, done, total, figures) -> {
                            if (done == step) {
                              throw new IllegalStateException("The power failed.");
                            }
                          })
                      .train())
          .hasMessage("The power failed.");
    }
  }

  /** Twelve stories in batches of 4 make epochs of 3 steps. */
  private SftConfig config(int steps) {
    return SftConfig.builder()
        .runDir(run)
        .model(Bundled.stories260k().toString())
        .maxLength(48)
        .optimizer(o -> o.learningRate(1e-3))
        .training(
            t ->
                t.maxSteps(steps)
                    .batchSize(4)
                    .saveSteps(3)
                    .loggingSteps(2)
                    .replicas(2)
                    .computeDtype(computeDtype))
        .build();
  }

  private RunFolder folder() {
    return RunFolder.open(run);
  }

  private List<Integer> steps() {
    return folder().checkpoints().all().stream().map(Checkpoint::step).toList();
  }

  private List<Event.State> states() {
    return folder().events().stream()
        .map(logged -> logged.event())
        .filter(Event.Status.class::isInstance)
        .map(event -> ((Event.Status) event).state())
        .toList();
  }

  private List<Integer> evaluations() {
    return EventLog.metrics(folder().events()).entrySet().stream()
        .filter(step -> step.getValue().containsKey("eval_loss"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void assertSameModel(Path actual, Path expected) {
    for (String file : List.of("model.safetensors", "trainer/optimizer.safetensors")) {
      assertThat(actual.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
  }

  private static byte[] modelOf(Path checkpoint) {
    try {
      return Files.readAllBytes(checkpoint.resolve("model.safetensors"));
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
