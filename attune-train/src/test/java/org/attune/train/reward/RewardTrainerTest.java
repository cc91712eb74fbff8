package org.attune.train.reward;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.attune.data.Dataset;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.attune.train.TrainingDivergedException;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RewardTrainerTest {
  private static final List<Map<String, Object>> PAIRS =
      List.of(
          pair("The dog ", "was happy.", "bit the boy."),
          pair("Lily ", "smiled at her mom.", "cried all day and all night."),
          pair("The sun ", "was warm and bright.", "was gone."),
          pair("Tom ", "shared his toys.", "took the toys away."),
          pair("They ", "played together.", "fought."),
          pair("Mom ", "made a big cake.", "was very angry at Tom."),
          pair("The bird ", "sang a song.", "fell down and was hurt."),
          pair("At the end ", "they were friends.", "they were all sad."));

  @TempDir private Path folder;

  private static Map<String, Object> pair(String prompt, String chosen, String rejected) {
    return Map.of("prompt", prompt, "chosen", chosen, "rejected", rejected);
  }

  private RewardConfig config(String run, UnaryOperator<RewardConfig.Builder> settings) {
    return settings
        .apply(
            RewardConfig.builder()
                .runDir(folder.resolve(run))
                .model(Bundled.stories260k().toString())
                .maxLength(256)
                .optimizer(o -> o.learningRate(2e-3))
                .training(
                    t ->
                        t.batchSize(8)
                            .maxSteps(6)
                            .loggingSteps(1)
                            .replicas(1)
                            .computeDtype(ComputeDtype.FP32)))
        .build();
  }

  private Map<Integer, Map<String, Double>> metrics(String run) {
    return EventLog.metrics(RunFolder.open(folder.resolve(run)).events());
  }

  private Map<String, Double> metrics(String run, int step) {
    return requireNonNull(metrics(run).get(step));
  }

  private static String text(Map<String, Object> pair, String column) {
    return requireNonNull(pair.get(column)).toString();
  }

  private double[] series(String run, String metric) {
    return metrics(run).values().stream().mapToDouble(values -> values.get(metric)).toArray();
  }

  @Test
  void an_adapter_and_a_new_head_learn_eight_pairs_by_heart() {
    RewardConfig config =
        config(
            "adapter",
            c ->
                c.lora(l -> l.r(8).alpha(16).targetModules("all-linear"))
                    .optimizer(o -> o.learningRate(5e-3))
                    .training(t -> t.maxSteps(40)));

    Path saved = RewardTrainer.of(config).on(Dataset.fromRows(PAIRS)).train();

    assertThat(metrics("adapter", 40).get("accuracy")).isEqualTo(1);
    assertThat(saved.resolve("adapter_config.json")).content().contains("SEQ_CLS");
    assertThat(saved.resolve("model.safetensors")).doesNotExist();
    try (TextClassifier rewards = TextClassifier.load(saved)) {
      double[] chosen = rewards.scores(texts("prompt"), texts("chosen"));
      double[] rejected = rewards.scores(texts("prompt"), texts("rejected"));
      for (int i = 0; i < PAIRS.size(); i++) {
        assertThat(chosen[i]).isGreaterThan(rejected[i]);
      }
    }
  }

  @Test
  void learns_eight_pairs_by_heart() {
    RewardConfig config = config("learns", c -> c.training(t -> t.maxSteps(40)));

    Path saved = RewardTrainer.of(config).on(Dataset.fromRows(PAIRS)).train();

    Map<String, Double> first = metrics("learns", 1);
    Map<String, Double> last = metrics("learns", 40);
    assertThat(first.get("loss")).isBetween(0.3, 1.2);
    assertThat(last.get("accuracy")).isEqualTo(1);
    assertThat(last.get("loss")).isLessThan(0.05);
    assertThat(last.get("margin")).isGreaterThan(3);
    try (TextClassifier rewards = TextClassifier.load(saved)) {
      double[] chosen = rewards.scores(texts("prompt"), texts("chosen"));
      double[] rejected = rewards.scores(texts("prompt"), texts("rejected"));
      for (int i = 0; i < PAIRS.size(); i++) {
        assertThat(chosen[i]).isGreaterThan(rejected[i]);
      }
    }
  }

  @Test
  void learns_the_opposite_from_exchanged_sides() {
    Dataset exchanged =
        Dataset.fromRows(PAIRS)
            .map(row -> pair(row.text("prompt"), row.text("rejected"), row.text("chosen")));
    RewardConfig config = config("opposite", c -> c.training(t -> t.maxSteps(40)));

    Path saved =
        RewardTrainer.of(config).on(exchanged).evaluatingOn(Dataset.fromRows(PAIRS)).train();

    assertThat(saved).endsWithRaw(Path.of("checkpoints/step-40"));
    assertThat(metrics("opposite", 40).get("eval_accuracy")).isZero();
  }

  @Test
  void evaluates_on_given_rows_while_it_learns_from_files() {
    Path file = folder.resolve("pairs.jsonl");
    Dataset.fromRows(PAIRS).toJsonl(file);

    RewardTrainer.of(config("files", c -> c.data(d -> d.train(file)).training(t -> t.maxSteps(1))))
        .evaluatingOn(Dataset.fromRows(PAIRS.subList(0, 2)))
        .train();

    assertThat(metrics("files", 1)).containsKey("eval_accuracy");
  }

  @Test
  void logs_what_trl_logs() {
    RewardTrainer.of(config("metrics", c -> c.training(t -> t.evalSteps(3))))
        .on(Dataset.fromRows(PAIRS))
        .evaluatingOn(Dataset.fromRows(PAIRS.subList(0, 2)))
        .train();

    assertThat(metrics("metrics", 1))
        .containsOnlyKeys(
            "loss",
            "grad_norm",
            "accuracy",
            "margin",
            "min_reward",
            "mean_reward",
            "max_reward",
            "learning_rate",
            "epoch",
            "num_tokens");
    assertThat(metrics("metrics", 3)).containsKeys("eval_loss", "eval_accuracy", "eval_margin");
    assertThat(metrics("metrics", 6)).containsKeys("eval_loss", "eval_accuracy", "eval_margin");
    double tokens = requireNonNull(metrics("metrics", 1).get("num_tokens"));
    assertThat(metrics("metrics", 6).get("num_tokens")).isEqualTo(6 * tokens);
    assertThat(metrics("metrics", 6).get("epoch")).isEqualTo(6);
  }

  @Test
  void a_batch_of_eight_is_four_batches_of_two_is_two_replicas() {
    Dataset rows = Dataset.fromRows(PAIRS);
    Path whole = RewardTrainer.of(config("whole", c -> c)).on(rows).train();

    Path accumulated =
        RewardTrainer.of(
                config(
                    "accumulated",
                    c -> c.training(t -> t.batchSize(2).gradientAccumulationSteps(4))))
            .on(rows)
            .train();
    RewardTrainer.of(config("replicated", c -> c.training(t -> t.replicas(2)))).on(rows).train();

    assertThat(accumulated.resolve("model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model.safetensors"));
    Tolerance.TRAJECTORY.check("loss", series("replicated", "loss"), series("whole", "loss"));
    Tolerance.TRAJECTORY.check(
        "gradient norm", series("replicated", "grad_norm"), series("whole", "grad_norm"));
  }

  @Test
  void token_ids_train_as_the_texts_they_came_from() {
    Path fromText = RewardTrainer.of(config("text", c -> c)).on(Dataset.fromRows(PAIRS)).train();
    SequenceEncoder encoder = new SequenceEncoder(PairEncoding.CONCATENATE, true, 256);
    List<Map<String, Object>> tokenized = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      for (Map<String, Object> pair : PAIRS) {
        int[] chosen = encoder.encode(tokenizer, text(pair, "prompt"), text(pair, "chosen")).ids();
        int[] rejected =
            encoder.encode(tokenizer, text(pair, "prompt"), text(pair, "rejected")).ids();
        tokenized.add(
            Map.of(
                "input_ids_chosen", padded(chosen, 0),
                "attention_mask_chosen", mask(chosen),
                "input_ids_rejected", padded(rejected, 0),
                "attention_mask_rejected", mask(rejected)));
      }
    }

    Path fromTokens =
        RewardTrainer.of(config("tokens", c -> c)).on(Dataset.fromRows(tokenized)).train();

    assertThat(fromTokens.resolve("model.safetensors"))
        .hasSameBinaryContentAs(fromText.resolve("model.safetensors"));
    assertThat(fromTokens.resolve("attune.json"))
        .hasSameTextualContentAs(fromText.resolve("attune.json"));
  }

  private static List<Integer> padded(int[] ids, int padding) {
    int[] padded = Arrays.copyOf(ids, 64);
    Arrays.fill(padded, ids.length, 64, padding);
    return Arrays.stream(padded).boxed().toList();
  }

  private static List<Integer> mask(int[] ids) {
    int[] mask = new int[64];
    Arrays.fill(mask, 0, ids.length, 1);
    return Arrays.stream(mask).boxed().toList();
  }

  @Test
  void the_encoding_is_saved_with_the_model() {
    Path concatenated =
        RewardTrainer.of(config("default", c -> c)).on(Dataset.fromRows(PAIRS)).train();
    Path paired =
        RewardTrainer.of(config("pair", c -> c.encoding(Encoding.PAIR)))
            .on(Dataset.fromRows(PAIRS))
            .train();

    try (LanguageModel model = LanguageModel.load(concatenated)) {
      assertThat(model.sequenceEncoder())
          .isEqualTo(new SequenceEncoder(PairEncoding.CONCATENATE, true, 256));
    }
    try (LanguageModel model = LanguageModel.load(paired)) {
      assertThat(model.sequenceEncoder().pairEncoding()).isEqualTo(PairEncoding.PAIR);
    }
  }

  @Test
  void rows_that_are_too_long_are_left_out_with_a_notice() {
    List<Map<String, Object>> rows = new ArrayList<>(PAIRS);
    rows.add(pair("Once ", "upon a time ".repeat(200), "no"));

    RewardTrainer.of(config("long", c -> c)).on(Dataset.fromRows(rows)).train();

    assertThat(RunFolder.open(folder.resolve("long")).events())
        .anySatisfy(
            logged ->
                assertThat(logged.event())
                    .isEqualTo(
                        new Event.Problem(
                            "1 training rows have a side of more than 256 tokens and were left out.")));
  }

  @Test
  void a_loss_that_is_no_number_ends_the_training() {
    RewardConfig config =
        config(
            "diverged", c -> c.optimizer(o -> o.learningRate(1e30)).training(t -> t.maxSteps(20)));

    assertThatThrownBy(() -> RewardTrainer.of(config).on(Dataset.fromRows(PAIRS)).train())
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContainingAll("Step ", "rows [", "optimizer.learning-rate", "--resume");
    assertThat(RunFolder.open(folder.resolve("diverged")).state()).contains(Event.State.FAILED);
  }

  @Test
  void a_run_that_broke_off_goes_on_to_the_same_weights() throws IOException {
    Dataset rows = Dataset.fromRows(PAIRS);
    UnaryOperator<RewardConfig.Builder> settings =
        c -> c.training(t -> t.batchSize(3).saveSteps(2).replicas(2));
    Path whole = RewardTrainer.of(config("uninterrupted", settings)).on(rows).train();
    RewardConfig config = config("interrupted", settings);

    assertThatThrownBy(
            () ->
                RewardTrainer.of(config)
                    .on(rows)
                    .progress(
                        (what, done, total, figures) -> {
                          if (done == 5) {
                            throw new IllegalStateException("stopped");
                          }
                        })
                    .train())
        .hasMessage("stopped");
    Path resumed = RewardTrainer.of(config).on(rows).mode(TrainingSession.Mode.RESUME).train();

    assertThat(resumed).endsWithRaw(Path.of("checkpoints/step-6"));
    assertThat(
            Files.mismatch(
                resumed.resolve("model.safetensors"), whole.resolve("model.safetensors")))
        .isEqualTo(-1);
    assertThat(metrics("interrupted", 6).get("num_tokens"))
        .isEqualTo(metrics("uninterrupted", 6).get("num_tokens"));
  }

  @Test
  void a_stop_that_is_asked_for_saves_the_step_it_came_in() {
    StopRequest stop = new StopRequest();

    Path saved =
        RewardTrainer.of(config("stopped", c -> c))
            .on(Dataset.fromRows(PAIRS))
            .stoppingOn(stop)
            .progress(
                (what, done, total, figures) -> {
                  if (done == 2) {
                    stop.request();
                  }
                })
            .train();

    assertThat(saved).endsWithRaw(Path.of("checkpoints/step-2"));
    assertThat(RunFolder.open(folder.resolve("stopped")).state()).contains(Event.State.STOPPED);
  }

  @Test
  void preferences_about_instructions_train() {
    Dataset rows =
        Dataset.read(Bundled.path("rasbt-instructions/instruction-data-with-preference.json.gz"))
            .take(60)
            .map(
                row ->
                    Map.of(
                        "prompt", row.text("instruction") + "\n" + row.text("input") + "\n",
                        "chosen", row.text("chosen"),
                        "rejected", row.text("rejected")))
            .filter(row -> !row.text("chosen").equals(row.text("rejected")));
    RewardConfig config =
        config("instructions", c -> c.data(d -> d.evalShare(0.2)).training(t -> t.replicas(2)));

    RewardTrainer.of(config).on(rows).train();

    assertThat(metrics("instructions", 6).get("eval_accuracy")).isBetween(0.0, 1.0);
  }

  private static List<String> texts(String column) {
    return PAIRS.stream().map(pair -> text(pair, column)).toList();
  }
}
