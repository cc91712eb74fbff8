package org.attune.train.sft;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.data.hub.HubLocation;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.run.Rules;
import org.attune.run.sft.SftConfig;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.train.TrainingDivergedException;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.EpochOrder;
import org.attune.train.rows.Example;
import org.attune.train.rows.MicroBatches;
import org.attune.train.rows.TrainingData;
import org.attune.train.session.Progress;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import org.jspecify.annotations.Nullable;

/**
 * Supervised fine-tuning: fits a causal language model to texts, or to completions of prompts; a
 * model whose encoder reads prompts and whose decoder writes, to the latter.
 *
 * <p>Ouyang et al. 2022 (arXiv:2203.02155), section 3.5, step 1; pre-training is the same on plain
 * text.
 *
 * <pre>{@code
 * SftConfig config = SftConfig.builder().runDir(run).model(model).packing(Packing.BFD).build();
 * SftTrainer.of(config).on(dataset).formatting(row -> "### Question: " + row.text("question")).train();
 * }</pre>
 */
public final class SftTrainer {
  private final SftConfig config;
  private TrainingSession.Mode mode = TrainingSession.Mode.NEW;
  private Progress progress = Progress.NONE;
  private StopRequest stop = new StopRequest();
  private @Nullable Dataset train;
  private @Nullable Dataset eval;
  private @Nullable Function<Row, String> formatting;

  private SftTrainer(SftConfig config) {
    this.config = config;
  }

  /** A trainer with these settings, on the files they name unless {@link #on} gives other rows. */
  public static SftTrainer of(SftConfig config) {
    return new SftTrainer(config);
  }

  /** Learns these rows: with columns {@code text}, or {@code prompt} and {@code completion}. */
  public SftTrainer on(Dataset rows) {
    train = rows;
    return this;
  }

  /** Evaluates on these rows. */
  public SftTrainer evaluatingOn(Dataset rows) {
    eval = rows;
    return this;
  }

  /** Makes the text of each row. */
  public SftTrainer formatting(Function<Row, String> text) {
    formatting = text;
    return this;
  }

  /** Whether to start a new run, the default, or to go on with the one in the run folder. */
  public SftTrainer mode(TrainingSession.Mode newOrResume) {
    mode = newOrResume;
    return this;
  }

  /** Tells {@code listener} of every step. */
  public SftTrainer progress(Progress listener) {
    progress = listener;
    return this;
  }

  /** Saves and stops after the step in which {@code request} is made. */
  public SftTrainer stoppingOn(StopRequest request) {
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
    TrainingData data = data(session.location());
    try (Workers workers = new Workers(session.plan().replicas());
        LanguageModel model = session.loadModel(Head.CAUSAL);
        ReplicaGroup replicas = new ReplicaGroup(model, workers, session.plan().computeType());
        Adam adam = new Adam(config.optimizer(), model.trainedWeights(), workers);
        TensorScope scope = TensorScope.open()) {
      session.restore(adam);
      SftConfig fitting = fitting(model);
      List<List<Example>> rows = packed(data.train(), model, fitting, session);
      EpochOrder order = new EpochOrder(config.training(), rows.size());
      long total = order.totalSteps();
      announce(rows, total, session);
      LearningRate rate =
          new LearningRate(config.schedule(), config.optimizer().learningRate(), total);
      MicroBatches parts = new MicroBatches(replicas.size(), model.architecture().hiddenSize());
      double routerWeight = routerWeight(model);
      Double dropout = config.training().dropout(); // none: as the model's configuration says
      SftStep sftStep =
          new SftStep(replicas, parts, adam, config.training().maxGradNorm(), routerWeight);
      SftEvaluation evaluation = evaluation(data, model, fitting, replicas, parts);

      Path saved = session.modelDirectory();
      for (int step = session.startStep(); step < total && !session.stopRequested(); step++) {
        List<Integer> picked = order.rowsOf(step);
        List<Example> sequences = picked.stream().flatMap(row -> rows.get(row).stream()).toList();
        double learningRate = rate.at(step);
        boolean isLogged = session.logs(step + 1) || step + 1 == total;
        SftStep.Result result =
            sftStep.take(
                sequences,
                DropoutSeeds.ofStep(config.training().seed(), step, sequences.size(), dropout),
                learningRate,
                isLogged ? TokenLoss.Figures.ALL : TokenLoss.Figures.LOSS);
        if (!Double.isFinite(result.loss()) || !Double.isFinite(result.gradNorm())) {
          throw TrainingDivergedException.at(
              step + 1, result.loss(), result.gradNorm(), picked, learningRate);
        }
        int done = step + 1;
        session.step(
            "SFT",
            done,
            total,
            averaged(result, routerWeight),
            latest(result, learningRate, order.epochAfter(done), isLogged));
        evaluation.after(done, total, session);
        if (session.saves(done, total)) {
          saved = session.save(done, model, adam);
        }
      }
      return saved;
    }
  }

  /** As the settings say, or else the model's configuration. */
  private double routerWeight(LanguageModel model) {
    Double asked = config.training().routerAuxLossCoefficient();
    if (asked == null) {
      return model.architecture().routerLossWeight();
    }
    Rules rules = Rules.ofRun();
    rules.check(
        asked == 0 || model.architecture().hasExperts(),
        "training.router-aux-loss-coefficient",
        asked,
        "must be left out for a model without experts",
        "%s has none.".formatted(model.source()));
    rules.throwIfBroken();
    return asked;
  }

  private static Map<String, Double> averaged(SftStep.Result result, double routerWeight) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("loss", result.loss());
    figures.put("grad_norm", result.gradNorm());
    if (routerWeight > 0) {
      figures.put("aux_loss", result.routerLoss());
    }
    return figures;
  }

  private void announce(List<List<Example>> rows, long steps, TrainingSession session) {
    int rowsOfStep = config.training().batchSize() * config.training().gradientAccumulationSteps();
    long tokens = rows.stream().flatMap(List::stream).mapToLong(Example::tokens).sum();
    Integer maxSteps = config.training().maxSteps();
    session.announce(
        "%,d sequences to learn with %,d tokens; %,d steps (%s) of %,d sequences, about %,d tokens each"
            .formatted(
                rows.size(),
                tokens,
                steps,
                maxSteps == null
                    ? "training.epochs " + config.training().epochs()
                    : "training.max-steps",
                Math.min(rowsOfStep, rows.size()),
                tokens * Math.min(rowsOfStep, rows.size()) / rows.size()));
  }

  private TrainingData data(HubLocation location) {
    long seed = config.training().seed();
    TrainingData data = TrainingData.of(config.data(), location, train, eval, seed);
    Function<Row, String> text = formatting;
    if (text == null) {
      return data;
    }
    Dataset evalRows = data.eval();
    return new TrainingData(
        data.train().map(row -> Map.of("text", text.apply(row))),
        evalRows == null ? null : evalRows.map(row -> Map.of("text", text.apply(row))));
  }

  /** The settings with sequences no longer than the model has positions for. */
  private SftConfig fitting(LanguageModel model) {
    int context = model.architecture().contextLength();
    return config.maxLength() <= context ? config : config.toBuilder().maxLength(context).build();
  }

  private static List<List<Example>> packed(
      Dataset rows, LanguageModel model, SftConfig fitting, TrainingSession session) {
    SftExamples examples = examples(rows, model, fitting);
    if (examples.dropped() > 0) {
      session.notice(
          "%,d rows have no token to learn within %,d tokens and were left out."
              .formatted(examples.dropped(), fitting.maxLength()));
    }
    if (examples.shifted() > 0) {
      session.notice(
          "In %,d rows the prompt is tokenized differently before its completion than alone; the completion is taken from the prompt's own length on."
              .formatted(examples.shifted()));
    }
    return Packer.pack(examples.examples(), fitting.packing(), fitting.maxLength());
  }

  private static SftExamples examples(Dataset rows, LanguageModel model, SftConfig fitting) {
    OptionalInt start = model.architecture().decoderStart();
    return start.isPresent()
        ? AnswerExamples.of(rows, model.tokenizer(), fitting, start.getAsInt())
        : SftExamples.of(rows, model.tokenizer(), model.chatTemplates(), fitting);
  }

  private SftEvaluation evaluation(
      TrainingData data,
      LanguageModel model,
      SftConfig fitting,
      ReplicaGroup replicas,
      MicroBatches parts) {
    Dataset rows = data.eval();
    List<Example> examples = rows == null ? List.of() : examples(rows, model, fitting).examples();
    return new SftEvaluation(examples, replicas, parts, config.training().evalSteps());
  }

  private static Map<String, Double> latest(
      SftStep.Result result, double learningRate, double epoch, boolean withFigures) {
    TokenLoss.Sums sums = result.sums();
    return withFigures
        ? Map.of(
            "learning_rate",
            learningRate,
            "epoch",
            epoch,
            "entropy",
            sums.entropy() / sums.count(),
            "mean_token_accuracy",
            (double) sums.correct() / sums.count())
        : Map.of("learning_rate", learningRate, "epoch", epoch);
  }
}
