package org.attune.train.ppo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.LoggedEvent;
import org.attune.run.folder.RunFolder;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession.Mode;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoTrainingTest {
  private static final List<String> PROMPTS =
      List.of("Once upon a time", "The cat", "One day", "Lily", "Tom and his dog", "The sun");
  private static final RewardFunction LENGTH =
      (prompts, completions) -> completions.stream().mapToDouble(String::length).toArray();

  @TempDir private Path folder;

  private PpoConfig config(String run, UnaryOperator<PpoConfig.Builder> settings) {
    return settings
        .apply(
            PpoConfig.builder()
                .runDir(folder.resolve(run))
                .model(Bundled.stories260k().toString())
                .miniBatchSize(4)
                .ppoEpochs(2)
                .maxNewTokens(6)
                .optimizer(o -> o.learningRate(1e-3))
                .training(
                    t ->
                        t.batchSize(4)
                            .maxSteps(3)
                            .loggingSteps(1)
                            .replicas(1)
                            .computeDtype(ComputeDtype.FP32)))
        .build();
  }

  private static Dataset prompts(String... texts) {
    return prompts(List.of(texts));
  }

  private static Dataset prompts(Collection<String> texts) {
    return Dataset.fromRows(texts.stream().map(text -> Map.of("prompt", text)).toList());
  }

  private List<Event> events(String run) {
    return RunFolder.open(folder.resolve(run)).events().stream().map(LoggedEvent::event).toList();
  }

  private Map<String, Double> metrics(String run, int step) {
    return requireNonNull(EventLog.metrics(RunFolder.open(folder.resolve(run)).events()).get(step));
  }

  private int steps(String run) {
    return RunFolder.open(folder.resolve(run)).checkpoints().latest().orElseThrow().step();
  }

  private static double klCoefficient(Path checkpoint) throws IOException {
    Path state;
    try (var files = Files.walk(checkpoint.resolve("trainer"))) {
      state = files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
    JsonNode coefficient = new ObjectMapper().readTree(state.toFile()).findValue("kl-coefficient");
    return coefficient.asDouble();
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_run {
    @Test
    void ends_where_the_policy_is_far_enough_from_the_reference() {
      // the policy is the reference before the first step, and nowhere near a KL of 1e-9 after it
      Path saved =
          PpoTrainer.of(config("near", c -> c.stopAtKl(1e-9).training(t -> t.maxSteps(9))))
              .on(prompts(PROMPTS))
              .scoredBy(LENGTH)
              .train();

      int steps = steps("near");
      assertThat(steps).isLessThan(9);
      assertThat(saved).endsWithRaw(Path.of("checkpoints/step-" + steps));
      assertThat(metrics("near", steps).get("objective/kl")).isGreaterThanOrEqualTo(1e-9);
      assertThat(RunFolder.open(folder.resolve("near")).state()).contains(Event.State.FINISHED);
    }

    @Test
    void that_is_far_enough_logs_its_last_step_inside_a_logging_window_too() {
      PpoTrainer.of(
              config("window", c -> c.stopAtKl(1e-9).training(t -> t.maxSteps(9).loggingSteps(50))))
          .on(prompts(PROMPTS))
          .scoredBy(LENGTH)
          .train();

      assertThat(metrics("window", steps("window")).get("objective/kl"))
          .isGreaterThanOrEqualTo(1e-9);
    }

    @Test
    void that_is_far_enough_is_finished_though_it_is_asked_to_stop_in_that_step() {
      StopRequest stop = new StopRequest();

      PpoTrainer.of(config("asked", c -> c.stopAtKl(1e-9).training(t -> t.maxSteps(9))))
          .on(prompts(PROMPTS))
          .scoredBy(LENGTH)
          .stoppingOn(stop)
          .progress(
              (what, done, total, figures) -> {
                if (figures.getOrDefault("objective/kl", 0.0) >= 1e-9) {
                  stop.request();
                }
              })
          .train();

      assertThat(RunFolder.open(folder.resolve("asked")).state()).contains(Event.State.FINISHED);
    }

    @Test
    void killed_between_its_last_checkpoint_and_its_end_takes_no_further_step() throws IOException {
      UnaryOperator<PpoConfig.Builder> settings =
          c -> c.stopAtKl(1e-9).training(t -> t.maxSteps(9));
      Path saved =
          PpoTrainer.of(config("cut", settings)).on(prompts(PROMPTS)).scoredBy(LENGTH).train();
      Path log = folder.resolve("cut/events.jsonl");
      List<String> lines = Files.readAllLines(log);
      assertThat(lines.get(lines.size() - 1)).contains("FINISHED");
      Files.write(log, lines.subList(0, lines.size() - 1));

      Path resumed =
          PpoTrainer.of(config("cut", settings))
              .on(prompts(PROMPTS))
              .scoredBy(LENGTH)
              .mode(Mode.RESUME)
              .train();

      assertThat(resumed).isEqualTo(saved);
      assertThat(RunFolder.open(folder.resolve("cut")).state()).contains(Event.State.FINISHED);
    }

    @Test
    void leaves_metrics_samples_a_report_and_a_checkpoint() throws IOException {
      Path saved =
          PpoTrainer.of(config("run", c -> c)).on(prompts(PROMPTS)).scoredBy(LENGTH).train();

      assertThat(saved).endsWithRaw(Path.of("checkpoints/step-3"));
      assertThat(saved).isDirectoryContaining("glob:**/value_head.safetensors");
      assertThat(folder.resolve("run/report.html")).isNotEmptyFile();
      assertThat(RunFolder.open(folder.resolve("run")).state()).contains(Event.State.FINISHED);
      assertThat(metrics("run", 3))
          .containsKeys("reward", "env/reward_mean", "env/reward_std", "objective/kl");
      assertThat(metrics("run", 1)).containsEntry("objective/kl_coef", 0.2);
      List<Event.Sample> samples =
          events("run").stream()
              .filter(Event.Sample.class::isInstance)
              .map(Event.Sample.class::cast)
              .toList();
      assertThat(samples)
          .hasSize(6)
          .allSatisfy(
              sample -> {
                assertThat(PROMPTS).contains(sample.prompt());
                assertThat(sample.score()).isEqualTo(sample.completion().length());
              });
      assertThat(klCoefficient(saved)).isLessThan(0.2).isGreaterThan(0.199);
    }

    @Test
    void saves_a_policy_that_loads_as_a_causal_model_and_a_critic_beside_it() {
      Path saved =
          PpoTrainer.of(config("loads", c -> c.training(t -> t.maxSteps(1))))
              .on(prompts(PROMPTS))
              .scoredBy(LENGTH)
              .train();

      try (LanguageModel policy = LanguageModel.load(saved);
          LanguageModel one = LanguageModel.load(saved, Head.VALUE, 1);
          LanguageModel other = LanguageModel.load(saved, Head.VALUE, 2)) {
        assertThat(policy.head()).isEqualTo(Head.CAUSAL);
        // a critic that was not loaded would depend on the seed
        TensorScope.use(
            () ->
                assertThat(one.weights().get(Head.VALUE_WEIGHT).toFloats())
                    .isEqualTo(other.weights().get(Head.VALUE_WEIGHT).toFloats()));
      }
    }

    @Test
    void generates_batch_size_responses_a_step_however_they_are_accumulated() {
      List<Integer> counts = new ArrayList<>();

      PpoTrainer.of(
              config(
                  "accumulated",
                  c ->
                      c.miniBatchSize(1)
                          .training(
                              t -> t.batchSize(2).gradientAccumulationSteps(2).maxSteps(null))))
          .on(prompts(PROMPTS))
          .scoredBy(
              (prompts, completions) -> {
                counts.add(prompts.size());
                return new double[prompts.size()];
              })
          .train();

      assertThat(counts).containsExactly(2, 2, 2);
    }

    @Test
    void reads_prompts_from_a_column_query_too() {
      List<String> seen = new ArrayList<>();

      PpoTrainer.of(config("query", c -> c.training(t -> t.maxSteps(1))))
          .on(
              Dataset.fromRows(
                  List.of(
                      Map.of("query", "The cat"),
                      Map.of("query", "The dog"),
                      Map.of("query", "Café"),
                      Map.of("query", "日本"))))
          .scoredBy(
              (prompts, completions) -> {
                seen.addAll(prompts);
                return new double[prompts.size()];
              })
          .train();

      assertThat(seen).containsExactlyInAnyOrder("The cat", "The dog", "Café", "日本");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Prompts {
    @Test
    void may_be_messages_in_the_form_of_the_chat_template() throws IOException {
      Path model = Files.createDirectories(folder.resolve("model"));
      try (LanguageModel original = LanguageModel.load(Bundled.stories260k())) {
        original.save(model);
      }
      Files.writeString(
          model.resolve("chat_template.jinja"),
          "{% for m in messages %}{{ m.content }}{% endfor %}{{ ' so' if add_generation_prompt }}");
      List<String> seen = new ArrayList<>();
      List<Map<String, Object>> rows = new ArrayList<>();
      for (String animal : List.of("cat", "dog", "bird", "fish")) {
        rows.add(Map.of("prompt", List.of(Map.of("role", "user", "content", "The " + animal))));
      }

      PpoTrainer.of(config("chat", c -> c.model(model.toString()).training(t -> t.maxSteps(1))))
          .on(Dataset.fromRows(rows))
          .scoredBy(
              (prompts, completions) -> {
                seen.addAll(prompts);
                return new double[prompts.size()];
              })
          .train();

      assertThat(seen)
          .containsExactlyInAnyOrder("The cat so", "The dog so", "The bird so", "The fish so");
    }

    @Test
    void that_leave_no_room_are_left_out_with_a_notice() {
      List<String> seen = new ArrayList<>();
      List<String> texts = new ArrayList<>(PROMPTS);
      texts.add("The dog ran. ".repeat(200));

      PpoTrainer.of(
              config("long", c -> c.training(t -> t.batchSize(6).maxSteps(1)).miniBatchSize(6)))
          .on(prompts(texts))
          .scoredBy(
              (prompts, completions) -> {
                seen.addAll(prompts);
                return new double[prompts.size()];
              })
          .train();

      assertThat(seen).containsExactlyInAnyOrderElementsOf(PROMPTS);
      assertThat(events("long"))
          .contains(
              new Event.Problem(
                  "1 prompts leave no room for ppo.max-new-tokens 6 in the model's context and were left out; ppo.max-prompt-length would cut them."));
    }

    @Test
    void that_are_longer_than_max_prompt_length_keep_their_end() {
      List<String> seen = new ArrayList<>();

      PpoTrainer.of(config("cut", c -> c.maxPromptLength(3).training(t -> t.maxSteps(1))))
          .on(
              prompts(
                  "The dog ran. ".repeat(200) + "The cat sat.",
                  "Lily went home. The cat sat.",
                  "Tom. The cat sat.",
                  "One day the cat sat."))
          .scoredBy(
              (prompts, completions) -> {
                seen.addAll(prompts);
                return new double[prompts.size()];
              })
          .train();

      assertThat(seen)
          .hasSize(4)
          .allSatisfy(
              prompt -> assertThat("One day the cat sat.").endsWith(prompt.strip()).isNotBlank());
    }

    @Test
    void none_of_which_fits_are_an_error_that_names_the_column() {
      assertThatThrownBy(
              () ->
                  PpoTrainer.of(config("none", c -> c))
                      .on(prompts("The dog ran. ".repeat(200)))
                      .scoredBy(LENGTH)
                      .train())
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("None of the 1 rows", "column prompt", "ppo.max-prompt-length");
      assertThat(folder.resolve("none")).doesNotExist();
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Scores {
    @Test
    void must_be_one_for_each_completion() {
      assertThatThrownBy(
              () ->
                  PpoTrainer.of(config("count", c -> c))
                      .on(prompts(PROMPTS))
                      .scoredBy((prompts, completions) -> new double[] {1, 2})
                      .train())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("The reward gave 2 scores for 4 completions; it must give one for each.");
    }

    @Test
    void are_standardised_by_mean_and_deviation_but_logged_as_given() {
      PpoTrainer.of(
              config(
                  "standard", c -> c.rewardMean(10.0).rewardStd(2.0).training(t -> t.maxSteps(1))))
          .on(prompts(PROMPTS))
          .scoredBy((prompts, completions) -> new double[] {12, 12, 8, 16})
          .train();

      // 1, 1, −1, 3
      assertThat(metrics("standard", 1))
          .containsEntry("ppo/mean_scores", 1.0)
          .containsEntry("env/reward_mean", 12.0);
    }

    @Test
    void lose_the_penalty_where_a_response_was_cut_off() {
      PpoTrainer.of(config("penalty", c -> c.missingEosPenalty(3.0).training(t -> t.maxSteps(1))))
          .on(prompts(PROMPTS))
          .scoredBy((prompts, completions) -> new double[] {1, 1, 1, 1})
          .train();

      // six tokens never end a story
      assertThat(metrics("penalty", 1))
          .containsEntry("ppo/mean_scores", -2.0)
          .containsEntry("env/reward_mean", 1.0);
    }

    @Test
    void need_a_reward() {
      assertThatThrownBy(
              () -> PpoTrainer.of(config("no-reward", c -> c)).on(prompts(PROMPTS)).train())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("ppo.reward-model", "scoredBy");
      assertThat(folder.resolve("no-reward")).doesNotExist();
    }

    @Test
    void come_from_a_reward_model_that_reads_texts() throws IOException {
      Path rewards = Files.createDirectory(folder.resolve("rewards"));
      try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 5)) {
        model.save(rewards);
      }

      PpoTrainer.of(
              config("model", c -> c.rewardModel(rewards.toString()).training(t -> t.maxSteps(1))))
          .on(prompts(PROMPTS))
          .train();

      try (TextClassifier classifier = TextClassifier.load(rewards)) {
        List<Event.Sample> samples =
            events("model").stream()
                .filter(Event.Sample.class::isInstance)
                .map(Event.Sample.class::cast)
                .toList();
        assertThat(samples).hasSize(2);
        for (Event.Sample sample : samples) {
          double[] expected =
              classifier.scores(List.of(sample.prompt()), List.of(sample.completion()));
          Tolerance.STATISTICS.check(
              sample.completion(), requireNonNull(sample.score()), expected[0]);
        }
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_stopped_run {
    @Test
    void resumes_to_the_bytes_of_one_that_was_not() throws IOException {
      UnaryOperator<PpoConfig.Builder> settings =
          c ->
              c.scoreScaling(true)
                  .scoreNorm(true)
                  .training(t -> t.maxSteps(4).maxGradNorm(0.5).parity(true));
      Path whole =
          PpoTrainer.of(config("whole", settings)).on(prompts(PROMPTS)).scoredBy(LENGTH).train();
      StopRequest stop = new StopRequest();
      Path stopped =
          PpoTrainer.of(config("stopped", settings))
              .on(prompts(PROMPTS))
              .scoredBy(LENGTH)
              .stoppingOn(stop)
              .progress(
                  (what, done, total, figures) -> {
                    if (done == 2) {
                      stop.request();
                    }
                  })
              .train();
      assertThat(stopped).endsWithRaw(Path.of("checkpoints/step-2"));

      Path resumed =
          PpoTrainer.of(config("stopped", settings))
              .on(prompts(PROMPTS))
              .scoredBy(LENGTH)
              .mode(Mode.RESUME)
              .train();

      for (String file :
          List.of(
              "model.safetensors",
              "value_head.safetensors",
              "trainer/optimizer.safetensors",
              "tokenizer.json")) {
        assertThat(resumed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
      }
      assertThat(klCoefficient(resumed)).isEqualTo(klCoefficient(whole)).isNotEqualTo(0.2);
      assertThat(metrics("stopped", 4).get("objective/kl"))
          .isEqualTo(metrics("whole", 4).get("objective/kl"));
    }
  }
}
