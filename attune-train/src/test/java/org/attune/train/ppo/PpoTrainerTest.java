package org.attune.train.ppo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.run.ComputeDtype;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.LoggedEvent;
import org.attune.run.folder.Manifest;
import org.attune.run.folder.RunFolder;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.attune.train.TrainingDivergedException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PpoTrainerTest {
  private static final double[] SCORES = {1, -1, 0.5, 0};

  @TempDir private Path folder;

  private PpoTrainer open(String run, UnaryOperator<PpoConfig.Builder> settings) {
    return PpoTrainer.open(
        settings
            .apply(
                PpoConfig.builder()
                    .runDir(folder.resolve(run))
                    .model(Bundled.stories260k().toString())
                    .miniBatchSize(4)
                    .ppoEpochs(2)
                    .maxNewTokens(8)
                    .optimizer(o -> o.learningRate(1e-3))
                    .training(t -> t.batchSize(4).replicas(1).computeDtype(ComputeDtype.FP32)))
            .build());
  }

  private static List<int[]> queries(PpoTrainer trainer) {
    return List.of(
        trainer.tokenizer().encode("Once upon a time"),
        trainer.tokenizer().encode("The cat"),
        trainer.tokenizer().encode("Lily and Tom went to the park"),
        trainer.tokenizer().encode("One day"));
  }

  private static List<int[]> responses(PpoTrainer trainer) {
    return List.of(
        trainer.tokenizer().encode(" there was a girl."),
        trainer.tokenizer().encode(" sat"),
        trainer.tokenizer().encode(" to play."),
        trainer.tokenizer().encode(" a dog ran to the tree."));
  }

  private static float[] weights(PpoTrainer trainer) {
    return TensorScope.with(() -> trainer.policy().weights().flat().toFloats());
  }

  /** Two steps on the same responses. */
  private float[] trained(String run, UnaryOperator<PpoConfig.Builder> settings) {
    try (PpoTrainer trainer = open(run, settings)) {
      trainer.step(queries(trainer), responses(trainer), SCORES);
      trainer.step(queries(trainer), responses(trainer), SCORES);
      return weights(trainer);
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class How_a_batch_is_cut {
    @Test
    void replicas_give_what_one_gives() {
      float[] one = trained("one", c -> c);
      float[] two = trained("two", c -> c.training(t -> t.replicas(2)));

      Tolerance.TRAINED.check("weights", two, one);
    }

    @Test
    void slices_of_responses_of_equal_length_accumulate_to_their_mini_batch() {
      float[] whole = trainedOnEqualLengths("whole", c -> c);
      float[] accumulated =
          trainedOnEqualLengths(
              "accumulated", c -> c.miniBatchSize(2).training(t -> t.gradientAccumulationSteps(2)));

      Tolerance.TRAINED.check("weights", accumulated, whole);
    }

    private float[] trainedOnEqualLengths(String run, UnaryOperator<PpoConfig.Builder> settings) {
      try (PpoTrainer trainer = open(run, settings)) {
        List<int[]> responses =
            List.of(
                new int[] {300, 301, 302}, new int[] {310, 311, 312},
                new int[] {320, 321, 322}, new int[] {330, 331, 332});
        trainer.step(queries(trainer), responses, SCORES);
        return weights(trainer);
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_loop_of_ones_own {
    @Test
    void leaves_a_finished_run_that_says_what_it_came_from() {
      String stories = Bundled.stories260k().toString();
      Path checkpoint;
      try (PpoTrainer trainer = open("own", c -> c.rewardModel(stories))) {
        trainer.step(queries(trainer), responses(trainer), SCORES);
        checkpoint = trainer.finish();
      }

      RunFolder run = RunFolder.open(folder.resolve("own"));
      assertThat(run.state()).contains(Event.State.FINISHED);
      assertThat(checkpoint).isEqualTo(run.checkpoints().latest().orElseThrow().path());
      assertThat(run.path().resolve("report.html")).content().contains("start model " + stories);
      assertThat(run.manifest().orElseThrow().parents())
          .extracting(Manifest.Parent::role)
          .containsExactly("start model", "reward model");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class The_first_step {
    @Test
    void starts_at_the_reference_with_ratio_1() {
      try (PpoTrainer trainer = open("first", c -> c.ppoEpochs(1))) {
        PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);

        assertThat(stats.get("objective/kl")).isZero();
        assertThat(stats.get("ppo/policy/ratio")).isEqualTo(1);
        assertThat(stats.get("ppo/policy/clipfrac")).isZero();
        assertThat(stats.get("ppo/policy/approxkl")).isZero();
        assertThat(stats.get("ppo/mean_non_score_reward")).isZero();
        assertThat(stats.get("ppo/mean_scores")).isEqualTo(0.125);
        assertThat(trainer.steps()).isEqualTo(1);
      }
    }

    @Test
    void leaves_the_reference_as_it_was() {
      try (PpoTrainer trainer = open("reference", c -> c)) {
        float[] before = TensorScope.with(() -> trainer.reference().weights().flat().toFloats());

        PpoStats first = trainer.step(queries(trainer), responses(trainer), SCORES);
        PpoStats second = trainer.step(queries(trainer), responses(trainer), SCORES);

        float[] after = TensorScope.with(() -> trainer.reference().weights().flat().toFloats());
        assertThat(after).isEqualTo(before);
        assertThat(first.get("objective/kl")).isZero();
        assertThat(second.get("objective/kl")).isNotZero();
      }
    }
  }

  @Test
  void a_score_at_the_last_token_is_the_score_of_the_response() {
    float[] ofTokens;
    try (PpoTrainer trainer = open("tokens", c -> c)) {
      List<double[]> tokenScores = new ArrayList<>();
      List<int[]> responses = responses(trainer);
      for (int i = 0; i < SCORES.length; i++) {
        double[] scores = new double[responses.get(i).length];
        scores[scores.length - 1] = SCORES[i];
        tokenScores.add(scores);
      }
      trainer.step(queries(trainer), responses, tokenScores);
      trainer.step(queries(trainer), responses, tokenScores);
      ofTokens = weights(trainer);
    }

    assertThat(ofTokens).isEqualTo(trained("responses", c -> c));
  }

  @Test
  void a_step_reports_what_the_original_reports() {
    try (PpoTrainer trainer = open("stats", c -> c)) {
      PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);

      assertThat(stats.numbers())
          .containsOnlyKeys(
              "objective/kl",
              "objective/kl_coef",
              "objective/entropy",
              "ppo/mean_non_score_reward",
              "ppo/mean_scores",
              "ppo/std_scores",
              "tokens/queries_len_mean",
              "tokens/queries_len_std",
              "tokens/responses_len_mean",
              "tokens/responses_len_std",
              "ppo/loss/policy",
              "ppo/loss/value",
              "ppo/loss/total",
              "ppo/policy/entropy",
              "ppo/policy/approxkl",
              "ppo/policy/policykl",
              "ppo/policy/clipfrac",
              "ppo/policy/advantages_mean",
              "ppo/policy/ratio",
              "ppo/returns/mean",
              "ppo/returns/var",
              "ppo/val/vpred",
              "ppo/val/error",
              "ppo/val/clipfrac",
              "ppo/val/mean",
              "ppo/val/var",
              "ppo/val/var_explained",
              "ppo/learning_rate",
              "time/ppo/forward_pass",
              "time/ppo/compute_advantages",
              "time/ppo/optimize_step",
              "time/ppo/total");
      assertThat(stats.distributions())
          .containsOnlyKeys("objective/kl_dist", "tokens/queries_dist", "tokens/responses_dist");
      assertThatThrownBy(() -> stats.get("ppo/reward"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("No statistic is called ppo/reward.");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Safeguards {
    @Test
    void a_mini_batch_beyond_the_ratio_threshold_is_not_learned_from() {
      try (PpoTrainer trainer = open("threshold", c -> c.ratioThreshold(0.5))) {
        float[] before = weights(trainer);

        PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);

        assertThat(weights(trainer)).isEqualTo(before);
        assertThat(stats.get("ppo/loss/total")).isZero();
        assertThat(stats.get("ppo/policy/ratio")).isEqualTo(1);
      }
    }

    @Test
    void early_stopping_leaves_out_the_remaining_epochs() {
      UnaryOperator<PpoConfig.Builder> many =
          c -> c.ppoEpochs(20).optimizer(o -> o.learningRate(1e-2)).ratioThreshold(1e9);

      double unbounded = movedBy("unbounded", many);
      double bounded = movedBy("bounded", c -> many.apply(c).earlyStopping(true).targetKl(1e-6));

      assertThat(bounded).isLessThan(unbounded / 2);
    }

    private double movedBy(String run, UnaryOperator<PpoConfig.Builder> settings) {
      try (PpoTrainer trainer = open(run, settings)) {
        float[] before = weights(trainer);
        trainer.step(queries(trainer), responses(trainer), SCORES);
        float[] after = weights(trainer);
        return IntStream.range(0, before.length)
            .mapToDouble(i -> Math.abs(after[i] - before[i]))
            .sum();
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Refused {
    @Test
    void lists_of_different_length() {
      try (PpoTrainer trainer = open("lists", c -> c)) {
        List<int[]> queries = queries(trainer);
        List<int[]> responses = responses(trainer);

        assertThatThrownBy(() -> trainer.step(queries, responses.subList(0, 3), SCORES))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("4", "3");
        assertThatThrownBy(() -> trainer.step(queries, responses, new double[] {1, 2}))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("4", "2");
        assertThat(trainer.steps()).isZero();
      }
    }

    @Test
    void an_empty_response() {
      try (PpoTrainer trainer = open("empty", c -> c)) {
        List<int[]> responses = new ArrayList<>(responses(trainer));
        responses.set(2, new int[0]);

        assertThatThrownBy(() -> trainer.step(queries(trainer), responses, SCORES))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("Exchange 3", "0 response tokens");
      }
    }

    @Test
    void token_scores_that_do_not_fit_their_response() {
      try (PpoTrainer trainer = open("tokens", c -> c)) {
        List<double[]> scores = List.of(new double[1], new double[1], new double[1], new double[1]);

        assertThatThrownBy(() -> trainer.step(queries(trainer), responses(trainer), scores))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("Exchange 1", "1 token scores", "each response token");
      }
    }

    @Test
    void a_score_that_is_no_number() {
      try (PpoTrainer trainer = open("nan", c -> c)) {
        float[] before = weights(trainer);

        assertThatThrownBy(
                () ->
                    trainer.step(
                        queries(trainer), responses(trainer), new double[] {1, Double.NaN, 0, 0}))
            .isInstanceOf(TrainingDivergedException.class)
            .hasMessage(
                "The score of response 2 in PPO step 1 is NaN. A reward must give finite numbers.");
        assertThat(weights(trainer)).isEqualTo(before);
      }
    }

    @Test
    void no_responses_at_all() {
      try (PpoTrainer trainer = open("none", c -> c)) {
        assertThatThrownBy(() -> trainer.step(List.of(), List.of(), new double[0]))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Score_scaling {
    @Test
    void bounds_scores() {
      try (PpoTrainer trainer = open("clip", c -> c.scoreClip(0.5))) {
        PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);

        // 0.5, −0.5, 0.5, 0
        assertThat(stats.get("ppo/mean_scores")).isEqualTo(0.125);
      }
    }

    @Test
    void standardises_scores_by_all_that_were_seen() {
      try (PpoTrainer trainer = open("norm", c -> c.scoreScaling(true).scoreNorm(true))) {
        PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);

        Tolerance.STATISTICS.check("mean", stats.get("ppo/mean_scores"), 0);
        Tolerance.STATISTICS.check("deviation", stats.get("ppo/std_scores"), 1);
      }
    }
  }

  @Test
  void generates_completions_within_the_limit_and_the_same_for_the_same_seed() {
    try (PpoTrainer trainer = open("generate", c -> c)) {
      List<int[]> queries = queries(trainer);

      List<int[]> responses = trainer.generate(queries, trainer.sampling(1));

      assertThat(responses).hasSize(4).allSatisfy(r -> assertThat(r).hasSizeBetween(1, 8));
      assertThat(responses)
          .containsExactlyElementsOf(trainer.generate(queries, trainer.sampling(1)));
      assertThat(trainer.completion(queries.get(0), responses.get(0)))
          .isNotBlank()
          .doesNotContain("Once upon");
    }
  }

  @Test
  void a_completion_starts_where_its_prompt_ends_and_lacks_the_ending_token() {
    try (PpoTrainer trainer = open("text", c -> c)) {
      int[] whole = trainer.tokenizer().encode("The cat sat.");
      int[] query = trainer.tokenizer().encode("The cat");
      int[] response =
          IntStream.concat(IntStream.of(whole).skip(query.length), IntStream.of(2)).toArray();

      assertThat(trainer.completion(query, response)).isEqualTo(" sat.");
      assertThat(trainer.ends(response)).isTrue();
      assertThat(trainer.ends(query)).isFalse();
      assertThat(trainer.ends(new int[0])).isFalse();
    }
  }

  @Test
  void a_model_that_cannot_be_loaded_leaves_no_run_behind() {
    assertThatThrownBy(() -> open("missing", c -> c.model(folder.resolve("nowhere").toString())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nowhere");

    assertThat(folder.resolve("missing")).doesNotExist();
    open("missing", c -> c).close();
  }

  @Test
  void logged_statistics_stand_in_the_events_with_rewards_and_samples() {
    try (PpoTrainer trainer = open("log", c -> c)) {
      PpoStats stats = trainer.step(queries(trainer), responses(trainer), SCORES);
      trainer.logStats(stats, List.of("a", "b", "c", "d"), List.of("é", "", "3", "4"), SCORES);
    }

    List<LoggedEvent> events = RunFolder.open(folder.resolve("log")).events();
    Map<String, Double> metrics = requireNonNull(EventLog.metrics(events).get(1));
    assertThat(metrics).containsEntry("env/reward_mean", 0.125).containsKey("objective/kl");
    // 7/8, −9/8, 3/8, −1/8 squared: 140 / 64 / 4
    Tolerance.FLOAT32.check(
        "deviation", requireNonNull(metrics.get("env/reward_std")), Math.sqrt(140 / 64.0 / 4));
    assertThat(events.stream().map(LoggedEvent::event).filter(Event.Sample.class::isInstance))
        .containsExactly(new Event.Sample(1, "a", "é", 1.0), new Event.Sample(1, "b", "", -1.0));
  }
}
