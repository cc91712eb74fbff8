package org.attune.train.ppo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.ppo.PpoConfig;
import org.attune.train.rows.Conversations;
import org.attune.train.rows.EpochOrder;
import org.attune.train.rows.TrainingData;
import org.attune.train.session.Progress;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * A whole PPO training: the policy responds to prompts, a reward scores the responses, {@link
 * PpoTrainer#step} learns from them.
 */
public final class PpoTraining {
  private final PpoConfig config;
  private TrainingSession.Mode mode = TrainingSession.Mode.NEW;
  private Progress progress = Progress.NONE;
  private StopRequest stop = new StopRequest();
  private @Nullable Dataset prompts;
  private @Nullable RewardFunction reward;

  PpoTraining(PpoConfig config) {
    this.config = config;
  }

  /**
   * Uses these prompts, texts or messages in a column {@code prompt} or {@code query}, instead of
   * the configured files.
   */
  public PpoTraining on(Dataset rows) {
    prompts = rows;
    return this;
  }

  /** Scores responses by {@code function} instead of the configured reward model. */
  public PpoTraining scoredBy(RewardFunction function) {
    reward = function;
    return this;
  }

  /** Whether to start a new run, the default, or to go on with the one in the run folder. */
  public PpoTraining mode(TrainingSession.Mode newOrResume) {
    mode = newOrResume;
    return this;
  }

  /** Stops after a step once {@code request} asks for it. */
  public PpoTraining stoppingOn(StopRequest request) {
    stop = request;
    return this;
  }

  /** Tells {@code listener} of every step. */
  public PpoTraining progress(Progress listener) {
    progress = listener;
    return this;
  }

  /**
   * Trains to the end, or until a stop is asked for.
   *
   * @return the directory of the last checkpoint
   * @throws org.attune.train.TrainingDivergedException if a loss, gradient or score is not finite
   */
  public Path train() {
    try (TrainingSession session = TrainingSession.open(config, mode, progress, stop)) {
      return session.run(
          () -> {
            RewardFunction given = reward;
            if (given != null) {
              return train(session, given);
            }
            try (ModelReward model =
                ModelReward.load(
                    config.rewardModel(), session.location(), session.plan().computeType())) {
              return train(session, model);
            }
          });
    }
  }

  private Path train(TrainingSession session, RewardFunction scoring) {
    Path saved = session.modelDirectory();
    try (PpoTrainer trainer = PpoTrainer.in(session, config)) {
      List<int[]> queries = queries(trainer, session);
      // a round's responses are batch-size already; accumulation is within it
      EpochOrder order =
          new EpochOrder(
              config.training().toBuilder().gradientAccumulationSteps(1).build(), queries.size());
      long total = order.totalSteps();
      trainer.totalSteps(total);
      while (trainer.steps() < total && !trainer.isFarEnough() && !session.stopRequested()) {
        List<int[]> batch = order.rowsOf(trainer.steps()).stream().map(queries::get).toList();
        Turn turn = turn(trainer, batch, scoring);
        int done = trainer.steps();
        long last = trainer.isFarEnough() ? done : total;
        session.step(
            "PPO",
            done,
            last,
            Map.of("reward", Moments.mean(turn.scores)),
            PpoTrainer.withRewards(turn.stats, turn.scores));
        if (session.logs(done) || done == last) {
          trainer.logSamples(turn.prompts, turn.completions, turn.scores);
        }
        if (last < total) {
          session.announce("The policy is as far from the reference as ppo.stop-at-kl allows.");
        }
        if (session.saves(done, last)) {
          saved = trainer.save();
        }
      }
    }
    return saved;
  }

  private record Turn(
      PpoStats stats, List<String> prompts, List<String> completions, double[] scores) {}

  private Turn turn(PpoTrainer trainer, List<int[]> queries, RewardFunction scoring) {
    long seed = config.training().seed() * 1_000_003 + trainer.steps();
    List<int[]> responses = trainer.generate(queries, trainer.sampling(seed));
    Tokenizer tokenizer = trainer.tokenizer();
    List<String> prompts = new ArrayList<>();
    List<String> completions = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      prompts.add(tokenizer.continuation(new int[0], queries.get(i)));
      completions.add(trainer.completion(queries.get(i), responses.get(i)));
    }
    double[] scores = scoring.score(prompts, completions);
    if (scores.length != prompts.size()) {
      throw new IllegalArgumentException(
          "The reward gave %d scores for %d completions; it must give one for each."
              .formatted(scores.length, prompts.size()));
    }
    PpoStats stats = trainer.step(queries, responses, shaped(scores, responses, trainer));
    return new Turn(stats, prompts, completions, scores);
  }

  /** Scores on the configured scale, with the penalty for responses that do not end. */
  private double[] shaped(double[] scores, List<int[]> responses, PpoTrainer trainer) {
    double mean = config.rewardMean() == null ? 0 : config.rewardMean();
    double deviation = config.rewardStd() == null ? 1 : config.rewardStd();
    double penalty = config.missingEosPenalty() == null ? 0 : config.missingEosPenalty();
    double[] shaped = new double[scores.length];
    Arrays.setAll(
        shaped,
        i -> (scores[i] - mean) / deviation - (trainer.ends(responses.get(i)) ? 0 : penalty));
    return shaped;
  }

  private List<int[]> queries(PpoTrainer trainer, TrainingSession session) {
    long seed = config.training().seed();
    Dataset rows = TrainingData.of(config.data(), session.location(), prompts, null, seed).train();
    String column = rows.columnNames().contains("query") ? "query" : "prompt";
    int context = trainer.policy().architecture().contextLength() - config.maxNewTokens();
    Conversations conversations =
        new Conversations(trainer.policy().chatTemplates(), trainer.tokenizer());
    Integer limit = config.maxPromptLength();
    List<int[]> queries = new ArrayList<>();
    int[] tooLong = new int[1];
    try (Stream<Row> stream = rows.rows()) {
      stream.forEach(
          row -> {
            int[] ids =
                Conversations.areIn(row, column)
                    ? conversations.promptIds(row, column)
                    : trainer.tokenizer().encode(row.text(column));
            int[] kept =
                limit == null || ids.length <= limit
                    ? ids
                    : Arrays.copyOfRange(ids, ids.length - limit, ids.length);
            if (kept.length > context) {
              tooLong[0]++;
            } else if (kept.length > 0) {
              queries.add(kept);
            }
          });
    }
    if (tooLong[0] > 0) {
      session.notice(
          "%,d prompts leave no room for ppo.max-new-tokens %,d in the model's context and were left out; ppo.max-prompt-length would cut them."
              .formatted(tooLong[0], config.maxNewTokens()));
    }
    if (queries.isEmpty()) {
      throw DatasetFormatException.of(
          "None of the %,d rows has a prompt that fits the model's context. Check the column %s, or set ppo.max-prompt-length."
              .formatted(rows.size(), column));
    }
    return queries;
  }
}
