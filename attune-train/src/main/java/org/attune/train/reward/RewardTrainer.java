package org.attune.train.reward;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.PairEncoding;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.train.TrainingDivergedException;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.EpochOrder;
import org.attune.train.rows.MicroBatches;
import org.attune.train.rows.TrainingData;
import org.attune.train.session.Progress;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * Reward modelling: fits a model that scores texts to pairs of which people chose one.
 *
 * <p>Ouyang et al. 2022 (arXiv:2203.02155), section 3.5, step 2. Left out: several labels.
 *
 * <pre>{@code
 * RewardConfig config = RewardConfig.builder().runDir(run).model(model).build();
 * Path checkpoint = RewardTrainer.of(config).on(preferences).train();
 * }</pre>
 */
public final class RewardTrainer {
  private static final String TOKENS = "tokens";

  private final RewardConfig config;
  private TrainingSession.Mode mode = TrainingSession.Mode.NEW;
  private Progress progress = Progress.NONE;
  private StopRequest stop = new StopRequest();
  private @Nullable Dataset train;
  private @Nullable Dataset eval;

  private RewardTrainer(RewardConfig config) {
    this.config = config;
  }

  /** A trainer with these settings, on the files they name unless {@link #on} gives other rows. */
  public static RewardTrainer of(RewardConfig config) {
    return new RewardTrainer(config);
  }

  /**
   * Learns these rows: with columns {@code chosen} and {@code rejected}, and optionally {@code
   * prompt} and {@code margin}; or tokenized, with {@code input_ids_chosen}, {@code
   * attention_mask_chosen} and the same of {@code rejected}.
   */
  public RewardTrainer on(Dataset rows) {
    train = rows;
    return this;
  }

  /** Evaluates on these rows. */
  public RewardTrainer evaluatingOn(Dataset rows) {
    eval = rows;
    return this;
  }

  /** Whether to start a new run, the default, or to go on with the one in the run folder. */
  public RewardTrainer mode(TrainingSession.Mode newOrResume) {
    mode = newOrResume;
    return this;
  }

  /** Tells {@code listener} of every step. */
  public RewardTrainer progress(Progress listener) {
    progress = listener;
    return this;
  }

  /** Saves and stops after the step in which {@code request} is made. */
  public RewardTrainer stoppingOn(StopRequest request) {
    stop = request;
    return this;
  }

  /**
   * Trains to the end, or until a stop is asked for.
   *
   * @return the directory of the last checkpoint
   * @throws TrainingDivergedException if a loss or gradient is not finite
   */
  public Path train() {
    try (TrainingSession session = TrainingSession.open(config, mode, progress, stop)) {
      return session.run(() -> train(session));
    }
  }

  private Path train(TrainingSession session) {
    TrainingData data =
        TrainingData.of(config.data(), session.location(), train, eval, config.training().seed());
    try (Workers workers = new Workers(session.plan().replicas());
        LanguageModel model = session.loadModel(Head.SCORE);
        ReplicaGroup replicas = new ReplicaGroup(model, workers, session.plan().computeType());
        Adam adam = new Adam(config.optimizer(), model.trainedWeights(), workers);
        TensorScope scope = TensorScope.open()) {
      requireOneLabel(model);
      session.restore(adam);
      List<Pair> pairs = pairs(data.train(), model, session);
      EpochOrder order = new EpochOrder(config.training(), pairs.size());
      long total = order.totalSteps();
      LearningRate rate =
          new LearningRate(config.schedule(), config.optimizer().learningRate(), total);
      MicroBatches parts = new MicroBatches(replicas.size(), model.architecture().hiddenSize());
      Double asked = config.training().dropout();
      double dropout = asked == null ? 0 : asked; // off unless asked for, as in TRL
      Double centering = config.centerRewardsCoefficient();
      PairScoring scoring =
          new PairScoring(new BradleyTerryLoss(centering == null ? 0 : centering));
      RewardStep rewardStep =
          new RewardStep(scoring, replicas, parts, adam, config.training().maxGradNorm());
      RewardEvaluation evaluation =
          new RewardEvaluation(
              evalPairs(data.eval(), model, session),
              scoring,
              replicas,
              parts,
              config.training().evalSteps());
      long tokens = session.details().map(details -> details.path(TOKENS).asLong()).orElse(0L);

      Path saved = session.modelDirectory();
      for (int step = session.startStep(); step < total && !session.stopRequested(); step++) {
        List<Pair> picked = order.rowsOf(step).stream().map(pairs::get).toList();
        double learningRate = rate.at(step);
        RewardStep.Result result =
            rewardStep.take(
                picked,
                TextDropout.of(picked, config.training().seed(), step, dropout),
                learningRate);
        int done = step + 1;
        if (!result.isFinite()) {
          List<Integer> rows = picked.stream().map(Pair::row).toList();
          throw TrainingDivergedException.at(
              done, result.sums().meanLoss(), result.gradNorm(), rows, learningRate);
        }
        tokens += picked.stream().mapToLong(Pair::length).sum();
        session.step(
            "Reward model",
            done,
            total,
            averaged(result),
            Map.of(
                "learning_rate",
                learningRate,
                "epoch",
                order.epochAfter(done),
                "num_tokens",
                (double) tokens));
        evaluation.after(done, total, session);
        if (session.saves(done, total)) {
          ObjectNode details = JsonNodeFactory.instance.objectNode().put(TOKENS, tokens);
          saved = session.save(done, model, adam, details);
        }
      }
      return saved;
    }
  }

  private static void requireOneLabel(LanguageModel model) {
    if (model.labels().size() != 1) {
      throw new CheckpointException(
          "%s is a classifier with the labels %s, but a reward model has one score. Start from a model without a classification head."
              .formatted(model.source(), String.join(", ", model.labels())));
    }
  }

  private List<Pair> pairs(Dataset rows, LanguageModel model, TrainingSession session) {
    SequenceEncoder encoder = encoder(model);
    RewardPairs read = RewardPairs.of(rows, "training", model, encoder);
    // texts to score later are to end as the token ids that were given
    boolean appendEos =
        !RewardPairs.areTokenized(rows) || read.allEndWith(model.tokenizer().eosId());
    model.sequenceEncoder(
        new SequenceEncoder(encoder.pairEncoding(), appendEos, encoder.maxLength()));
    notice(read, "training", encoder, session);
    return read.pairs();
  }

  private static List<Pair> evalPairs(
      @Nullable Dataset rows, LanguageModel model, TrainingSession session) {
    if (rows == null) {
      return List.of();
    }
    RewardPairs read = RewardPairs.of(rows, "evaluation", model, model.sequenceEncoder());
    notice(read, "evaluation", model.sequenceEncoder(), session);
    return read.pairs();
  }

  private SequenceEncoder encoder(LanguageModel model) {
    Encoding asked = config.encoding();
    PairEncoding pairEncoding =
        asked == null
            ? model.sequenceEncoder().pairEncoding()
            : switch (asked) {
              case PAIR -> PairEncoding.PAIR;
              case CONCATENATE -> PairEncoding.CONCATENATE;
            };
    int maxLength = Math.min(config.maxLength(), model.architecture().contextLength());
    return new SequenceEncoder(pairEncoding, true, maxLength);
  }

  private static void notice(
      RewardPairs read, String what, SequenceEncoder encoder, TrainingSession session) {
    if (read.dropped() > 0) {
      session.notice(
          "%,d %s rows have a side of more than %,d tokens and were left out."
              .formatted(read.dropped(), what, encoder.maxLength()));
    }
  }

  private static Map<String, Double> averaged(RewardStep.Result result) {
    Map<String, Double> metrics = new LinkedHashMap<>(result.sums().metrics());
    metrics.put("grad_norm", result.gradNorm());
    return metrics;
  }
}
