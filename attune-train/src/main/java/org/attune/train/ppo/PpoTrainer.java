package org.attune.train.ppo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.data.hub.HubLocation;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.generate.Generation;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.ppo.PpoConfig;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.Workers;
import org.attune.train.TrainingDivergedException;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.LearningRate;
import org.attune.train.ppo.PpoLoss.Sums;
import org.attune.train.replica.ReplicaGroup;
import org.attune.train.rows.MicroBatches;
import org.attune.train.rows.Permutation;
import org.attune.train.session.Progress;
import org.attune.train.session.TrainingSession;

/**
 * Proximal policy optimization of a language model against scores, held near a reference by a KL
 * penalty.
 *
 * <p>Schulman et al. 2017 (arXiv:1707.06347), algorithm 1, as applied to language by Ziegler et al.
 * 2019 (arXiv:1909.08593) and in TRL's classic trainer. The policy carries a value head and is its
 * own critic; the reference is the policy at the start of the run. Nothing is dropped.
 *
 * <p>{@link PpoTraining} runs the whole loop. For a loop of one's own:
 *
 * <pre>{@code
 * try (PpoTrainer ppo = PpoTrainer.open(config)) {
 *   for (List<int[]> queries : batches) {
 *     List<int[]> responses = ppo.generate(queries, sampling);
 *     double[] scores = ...;
 *     PpoStats stats = ppo.step(queries, responses, scores);
 *   }
 *   ppo.finish();
 * }
 * }</pre>
 */
public final class PpoTrainer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOGGED_SAMPLES = 2;

  private final PpoConfig config;
  private final Workers workers;
  private final LanguageModel policy;
  private final LanguageModel reference;
  private final Replica generating;
  private final Replica referenceReplica;
  private final ReplicaGroup replicas;
  private final Adam adam;
  private final MicroBatches parts;
  private final ExperienceShaping shaping;
  private final PpoLoss loss;
  private KlController klController;
  private RunningMoments scoreMoments = new RunningMoments();
  private final TrainingSession session;
  private final boolean ownsSession;
  private LearningRate rate;
  private MiniBatchOrder order;
  private int steps;
  private boolean hasClipped;
  private boolean farEnough;

  /** The order in which an epoch visits the responses. */
  interface MiniBatchOrder {
    int[] of(int step, int epoch, int responses);
  }

  private PpoTrainer(PpoConfig config, TrainingSession session, boolean ownsSession) {
    this.config = config;
    this.ownsSession = ownsSession;
    this.session = session;
    policy = session.loadModel(Head.VALUE);
    reference =
        config.lora().r() == null
            ? loadReference(config, session.location(), session.plan().computeType())
            : policy;
    workers = new Workers(session.plan().replicas());
    generating = policy.frozenReplica(session.plan().computeType());
    referenceReplica = reference.baseReplica(session.plan().computeType());
    replicas = new ReplicaGroup(policy, workers, session.plan().computeType());
    adam = new Adam(config.optimizer(), policy.trainedWeights(), workers);
    parts =
        MicroBatches.withLogits(
            workers.count(),
            policy.architecture().hiddenSize(),
            policy.architecture().vocabularySize());
    shaping = new ExperienceShaping(config);
    loss = new PpoLoss(config.clipRange(), config.clipRangeValue(), config.valueCoefficient());
    order = this::shuffled;
    Integer maxSteps = config.training().maxSteps();
    rate = learningRate(maxSteps == null ? 1 : maxSteps);
    steps = session.startStep();
    session.restore(adam);
    ObjectNode state = session.details().orElse(null);
    klController =
        new KlController(
            config,
            state == null ? config.initKlCoefficient() : state.path("kl-coefficient").asDouble());
    if (state != null) {
      hasClipped = state.path("has-clipped").asBoolean();
      farEnough = state.path("far-enough").asBoolean();
      scoreMoments =
          new RunningMoments(
              JSON.convertValue(state.path("score-moments"), RunningMoments.State.class));
    }
  }

  private static LanguageModel loadReference(
      PpoConfig config, HubLocation location, DType computeType) {
    Path path = location.model(config.model());
    DType type = LanguageModel.frozenType(path, computeType);
    LanguageModel loaded =
        type == DType.FLOAT32
            ? LanguageModel.load(path, Head.CAUSAL, 0)
            : LanguageModel.load(path, path, Head.CAUSAL, 0, null, type);
    loaded.adapters().mergeActive();
    return loaded;
  }

  /** A whole training with these settings; see {@link PpoTraining}. */
  public static PpoTraining of(PpoConfig config) {
    return new PpoTraining(config);
  }

  /**
   * Opens a new run for a loop of one's own.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if the model cannot be loaded
   */
  public static PpoTrainer open(PpoConfig config) {
    return open(config, TrainingSession.Mode.NEW);
  }

  /** Opens a run for a loop of one's own; a resumed one goes on at {@link #steps}. */
  public static PpoTrainer open(PpoConfig config, TrainingSession.Mode mode) {
    TrainingSession session = TrainingSession.open(config, mode, Progress.NONE);
    try {
      session.begin();
      return new PpoTrainer(config, session, true);
    } catch (RuntimeException e) {
      session.close();
      if (mode == TrainingSession.Mode.NEW) {
        session.folder().discard(); // so that it can be opened again with better settings
      }
      throw e;
    }
  }

  /** A trainer inside a session that somebody else ends and closes. */
  static PpoTrainer in(TrainingSession session, PpoConfig config) {
    return new PpoTrainer(config, session, false);
  }

  /** For a training whose length is known only now. */
  void totalSteps(long total) {
    rate = learningRate(total);
  }

  private LearningRate learningRate(long total) {
    return new LearningRate(config.schedule(), config.optimizer().learningRate(), total);
  }

  /** The policy's tokenizer. */
  public Tokenizer tokenizer() {
    return policy.tokenizer();
  }

  /** The policy, which steps change. */
  public LanguageModel policy() {
    return policy;
  }

  /**
   * The model that the KL penalty measures from. With an adapter it is the policy, read without the
   * adapter.
   */
  public LanguageModel reference() {
    return reference;
  }

  /** Sampling as the configuration asks: what the KL estimate is right for. */
  public SamplingConfig sampling(long seed) {
    SamplingConfig.Builder sampling =
        SamplingConfig.builder()
            .temperature(config.temperature())
            .topK(config.topK())
            .topP(config.topP())
            .maxNewTokens(config.maxNewTokens())
            .seed(seed);
    Integer min = config.minNewTokens();
    return (min == null ? sampling : sampling.minNewTokens(min)).build();
  }

  /**
   * Lets the policy respond to each query; the ending token, if one came, is part of the response.
   */
  public List<int[]> generate(List<int[]> queries, SamplingConfig sampling) {
    return policy
        .generator(generating, workers)
        .generate(queries, sampling, policy.endIds())
        .stream()
        .map(Generation::tokens)
        .toList();
  }

  /** A response's text, special tokens left out, as it follows its query's. */
  public String completion(int[] query, int[] response) {
    return policy.continuation(query, response);
  }

  /** Whether a response ends by itself. */
  public boolean ends(int[] response) {
    return response.length > 0 && policy.endIds().contains(response[response.length - 1]);
  }

  /**
   * Learns from one batch of responses.
   *
   * @param queries prompt token ids
   * @param responses what {@link #generate} gave for them
   * @param scores one number for each response
   * @throws IllegalArgumentException if the lists differ in length or a response is empty
   * @throws TrainingDivergedException if a loss, gradient or score is not finite
   */
  public PpoStats step(List<int[]> queries, List<int[]> responses, double[] scores) {
    double[] scaled = scaled(scores);
    List<double[]> ofTokens = new ArrayList<>();
    for (int i = 0; i < scaled.length; i++) {
      double[] last = new double[i < responses.size() ? responses.get(i).length : 0];
      if (last.length > 0) {
        last[last.length - 1] = scaled[i];
      }
      ofTokens.add(last);
    }
    return step(exchanges(queries, responses, ofTokens), scaled, ofTokens);
  }

  /**
   * Learns from one batch of responses whose tokens have scores of their own, which are used as
   * they are.
   *
   * @param tokenScores for each response, one number for each of its tokens
   */
  public PpoStats step(List<int[]> queries, List<int[]> responses, List<double[]> tokenScores) {
    double[] totals = tokenScores.stream().mapToDouble(s -> Arrays.stream(s).sum()).toArray();
    requireFinite(totals);
    return step(exchanges(queries, responses, tokenScores), totals, tokenScores);
  }

  private PpoStats step(List<Exchange> exchanges, double[] scores, List<double[]> tokenScores) {
    long start = System.nanoTime();
    // 1. what policy, reference and critic say of the responses now
    List<Rollout> rollouts = rollouts(exchanges);
    long forwardDone = System.nanoTime();

    // 2. rewards with the KL penalty, advantages, returns
    double klCoefficient = klController.coefficient();
    List<Experience> experiences = shaping.of(rollouts, tokenScores, klCoefficient);
    long shaped = System.nanoTime();

    // 3. K epochs of clipped steps over shuffled mini-batches
    List<PpoStats.MiniBatch> miniBatches = optimize(experiences);
    long optimized = System.nanoTime();

    // 4. the weight of the penalty for the next batch
    PpoStats stats = PpoStats.of(experiences, scores, miniBatches, klCoefficient, rate.at(steps));
    double kl = stats.get("objective/kl");
    klController.update(kl, exchanges.size());
    Double limit = config.stopAtKl();
    farEnough = limit != null && kl >= limit;
    steps++;
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("forward_pass", (forwardDone - start) / 1e9);
    seconds.put("compute_advantages", (shaped - forwardDone) / 1e9);
    seconds.put("optimize_step", (optimized - shaped) / 1e9);
    seconds.put("total", (System.nanoTime() - start) / 1e9);
    return stats.withTimes(seconds);
  }

  private List<Rollout> rollouts(List<Exchange> exchanges) {
    List<List<Integer>> indices =
        parts.of(
            IntStream.range(0, exchanges.size()).boxed().toList(), i -> exchanges.get(i).length());
    Rollout[] rollouts = new Rollout[exchanges.size()];
    replicas.each(
        indices,
        (replica, part) -> {
          if (!part.isEmpty()) {
            List<Exchange> own = part.stream().map(exchanges::get).toList();
            List<Rollout> made = GradientMode.without(() -> rolled(replica, own));
            for (int i = 0; i < part.size(); i++) {
              rollouts[part.get(i)] = made.get(i);
            }
          }
          return part.size();
        });
    return List.of(rollouts);
  }

  private List<Rollout> rolled(Replica replica, List<Exchange> exchanges) {
    PolicyPass ours = PolicyPass.of(replica, exchanges);
    PolicyPass theirs = PolicyPass.of(referenceReplica, exchanges);
    double[] logProbs = doubles(ours.tokenLogProbs());
    double[] referenceLogProbs = doubles(theirs.tokenLogProbs());
    double[] kl = doubles(KlEstimate.of(config.klPenalty(), ours, theirs));
    double[] values = doubles(ours.values(replica));
    List<Rollout> rollouts = new ArrayList<>();
    int at = 0;
    for (Exchange exchange : exchanges) {
      int end = at + exchange.response().length;
      rollouts.add(
          new Rollout(
              exchange,
              Arrays.copyOfRange(logProbs, at, end),
              Arrays.copyOfRange(referenceLogProbs, at, end),
              Arrays.copyOfRange(kl, at, end),
              Arrays.copyOfRange(values, at, end)));
      at = end;
    }
    return rollouts;
  }

  private List<PpoStats.MiniBatch> optimize(List<Experience> experiences) {
    List<PpoStats.MiniBatch> done = new ArrayList<>();
    int slice = config.miniBatchSize();
    int slices = config.training().gradientAccumulationSteps();
    for (int epoch = 0; epoch < config.ppoEpochs(); epoch++) {
      int[] visited = order.of(steps, epoch, experiences.size());
      for (int from = 0; from < visited.length; from += slice * slices) {
        replicas.clearGradients();
        for (int start = from;
            start < Math.min(visited.length, from + slice * slices);
            start += slice) {
          List<Experience> miniBatch =
              Arrays.stream(visited, start, Math.min(visited.length, start + slice))
                  .mapToObj(experiences::get)
                  .toList();
          done.add(accumulate(miniBatch, slices));
        }
        optimizerStep();
      }
      PpoStats.MiniBatch last = done.get(done.size() - 1);
      if (config.earlyStopping()
          && last.numbers().getOrDefault("ppo/policy/policykl", 0.0) > 1.5 * config.targetKl()) {
        break;
      }
    }
    return done;
  }

  /**
   * Adds a mini-batch's gradients. Where its mean probability ratio is beyond the threshold, the
   * optimizer step that it belongs to learns nothing.
   */
  private PpoStats.MiniBatch accumulate(List<Experience> miniBatch, int slices) {
    long tokens = miniBatch.stream().mapToLong(e -> e.rollout().length()).sum();
    List<PartResult> results =
        replicas.accumulate(
            parts.of(miniBatch, e -> e.rollout().exchange().length()),
            (replica, part) ->
                part.isEmpty() ? PartResult.NONE : backward(replica, part, tokens, slices));
    Sums sums = results.stream().map(PartResult::sums).reduce(Sums.NONE, Sums::plus);
    double entropy = results.stream().mapToDouble(PartResult::entropy).sum();
    double total = sums.policyLoss() + config.valueCoefficient() * sums.valueLoss();
    if (!Double.isFinite(total)) {
      throw diverged("the loss " + total);
    }
    if (sums.ratio() / tokens > config.ratioThreshold()) {
      replicas.clearGradients();
      sums = sums.withoutLosses();
    }
    return new PpoStats.MiniBatch(sums, entropy, miniBatch, config.valueCoefficient());
  }

  private record PartResult(Sums sums, double entropy) {
    static final PartResult NONE = new PartResult(Sums.NONE, 0);
  }

  private PartResult backward(Replica replica, List<Experience> part, long tokens, int slices) {
    PolicyPass pass =
        PolicyPass.of(replica, part.stream().map(e -> e.rollout().exchange()).toList());
    PpoLoss.Old old =
        new PpoLoss.Old(
            tensor(part, e -> e.rollout().logProbs()),
            tensor(part, e -> e.rollout().values()),
            tensor(part, Experience::advantages),
            tensor(part, Experience::returns));
    PpoLoss.Result result = loss.of(pass.tokenLogProbs(), pass.values(replica), old, tokens);
    result.total().dividedBy(slices).backward();
    return new PartResult(result.sums(), GradientMode.without(() -> pass.entropy().item()));
  }

  private void optimizerStep() {
    // the original clips only the first step of its life; reproduced where parity is asked for
    boolean clips = !(config.training().parity() && hasClipped);
    hasClipped = true;
    double norm = replicas.step(adam, clips ? config.training().maxGradNorm() : 0, rate.at(steps));
    if (!Double.isFinite(norm)) {
      throw diverged("the gradient norm " + norm);
    }
  }

  private TrainingDivergedException diverged(String symptom) {
    return new TrainingDivergedException(
        "PPO step %,d has %s. Lower optimizer.learning-rate (now %s) or set training.max-grad-norm; --resume goes on from the last checkpoint."
            .formatted(steps + 1, symptom, config.optimizer().learningRate()));
  }

  private double[] scaled(double[] scores) {
    requireFinite(scores);
    double[] scaled = scores.clone();
    if (config.scoreScaling()) {
      scoreMoments.update(scores);
      double deviation = scoreMoments.deviation() + Math.ulp(1.0f);
      double mean = config.scoreNorm() ? scoreMoments.mean() : 0;
      Arrays.setAll(scaled, i -> (scores[i] - mean) / deviation);
    }
    Double clip = config.scoreClip();
    if (clip != null) {
      Arrays.setAll(scaled, i -> Math.max(-clip, Math.min(clip, scaled[i])));
    }
    return scaled;
  }

  private void requireFinite(double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new TrainingDivergedException(
            "The score of response %d in PPO step %,d is %s. A reward must give finite numbers."
                .formatted(i + 1, steps + 1, scores[i]));
      }
    }
  }

  private static List<Exchange> exchanges(
      List<int[]> queries, List<int[]> responses, List<double[]> tokenScores) {
    if (queries.size() != responses.size() || queries.size() != tokenScores.size()) {
      throw new IllegalArgumentException(
          "%d queries, %d responses and %d scores do not go together; give one of each."
              .formatted(queries.size(), responses.size(), tokenScores.size()));
    }
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (queries.get(i).length == 0
          || responses.get(i).length == 0
          || responses.get(i).length != tokenScores.get(i).length) {
        throw new IllegalArgumentException(
            "Exchange %d has %d query tokens, %d response tokens and %d token scores; it needs tokens in both, and a score for each response token."
                .formatted(
                    i + 1,
                    queries.get(i).length,
                    responses.get(i).length,
                    tokenScores.get(i).length));
      }
      exchanges.add(new Exchange(queries.get(i), responses.get(i)));
    }
    return exchanges;
  }

  private int[] shuffled(int step, int epoch, int responses) {
    return Permutation.of(responses, (config.training().seed() * 1_000_003 + step) * 31 + epoch);
  }

  /** For tests: visits responses in a given order instead of a random one. */
  void visitIn(MiniBatchOrder given) {
    order = given;
  }

  private interface TokensOf {
    double[] of(Experience experience);
  }

  private static Tensor tensor(List<Experience> part, TokensOf tokens) {
    double[] all = ExperienceShaping.joined(part.stream().map(tokens::of).toList());
    float[] floats = new float[all.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) all[i];
    }
    return Tensor.vector(floats);
  }

  private static double[] doubles(Tensor tensor) {
    float[] floats = tensor.toFloats();
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** β, the weight of the KL penalty in the next step. */
  public double klCoefficient() {
    return klController.coefficient();
  }

  /** Steps taken. */
  public int steps() {
    return steps;
  }

  /** Whether the latest step found the policy as far from the reference as it is to go. */
  public boolean isFarEnough() {
    return farEnough;
  }

  /**
   * Notes a step's statistics and a few of its texts in the run's events, with the mean and
   * deviation of the scores as {@code env/reward_mean} and {@code env/reward_std}.
   *
   * @param scores as the reward gave them
   */
  public void logStats(
      PpoStats stats, List<String> queries, List<String> responses, double[] scores) {
    session.metrics(steps, withRewards(stats, scores));
    logSamples(queries, responses, scores);
  }

  void logSamples(List<String> queries, List<String> responses, double[] scores) {
    for (int i = 0; i < Math.min(LOGGED_SAMPLES, scores.length); i++) {
      session.sample(steps, queries.get(i), responses.get(i), scores[i]);
    }
  }

  static Map<String, Double> withRewards(PpoStats stats, double[] scores) {
    Map<String, Double> metrics = new LinkedHashMap<>(stats.numbers());
    metrics.put("env/reward_mean", Moments.mean(scores));
    metrics.put("env/reward_std", Math.sqrt(Moments.biasedVariance(scores)));
    return metrics;
  }

  /**
   * Saves a checkpoint: the policy as a directory that loads here and in transformers, the critic
   * beside it, and all that a resumed run needs.
   */
  public Path save() {
    ObjectNode state = JSON.createObjectNode();
    state.put("kl-coefficient", klController.coefficient());
    state.put("has-clipped", hasClipped);
    state.put("far-enough", farEnough);
    state.set("score-moments", JSON.valueToTree(scoreMoments.state()));
    return session.save(steps, policy, adam, state);
  }

  /** Ends a loop of one's own: saves a checkpoint, and writes the run's report. */
  public Path finish() {
    Path saved = save();
    session.finish();
    return saved;
  }

  @Override
  public void close() {
    replicas.close();
    adam.close();
    generating.close();
    referenceReplica.close();
    if (reference != policy) {
      reference.close();
    }
    policy.close();
    workers.close();
    if (ownsSession) {
      session.close();
    }
  }
}
