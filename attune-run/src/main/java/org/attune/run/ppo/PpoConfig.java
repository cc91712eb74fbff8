package org.attune.run.ppo;

import java.nio.file.Path;
import java.util.Map;
import org.attune.run.AdapterConfig;
import org.attune.run.DataConfig;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.OptimizerConfig;
import org.attune.run.OptimizerType;
import org.attune.run.RequiredInFile;
import org.attune.run.Rules;
import org.attune.run.RunConfig;
import org.attune.run.RunConfigBuilder;
import org.attune.run.ScheduleConfig;
import org.attune.run.ScheduleType;
import org.attune.run.Section;
import org.attune.run.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Settings of proximal policy optimization (Schulman et al. 2017, arXiv:1707.06347) against a
 * reward with a KL penalty (Ziegler et al. 2019, arXiv:1909.08593); its own stand in the section
 * {@code ppo}.
 *
 * <p>One training step generates and scores {@code training.batch-size} responses, then makes
 * {@code ppo-epochs} passes over them in mini-batches.
 *
 * @param runDir folder of the run; required
 * @param model folder of the policy to start from, also the reference; required
 * @param tokenizer folder of the tokenizer; null, the default, means the model's
 * @param data the prompts
 * @param training length, portions, logging, checkpoints; defaults differ: 1 epoch, batches of 128,
 *     incomplete ones left out, no clipping of gradients
 * @param optimizer default Adam with a learning rate of 1.41e-5
 * @param schedule default constant
 * @param lora an adapter to train in place of all weights; default none
 * @param rewardModel folder of the model that scores the responses; null, the default, for code
 *     that gives a reward function
 * @param miniBatchSize responses of one slice in optimization, &gt; 0; default 128
 * @param ppoEpochs optimization passes over each batch of responses, &gt; 0; default 4
 * @param initKlCoefficient weight of the KL penalty at the start, &ge; 0; default 0.2
 * @param klControl default {@link KlControl#ADAPTIVE}
 * @param target KL per response that adaptive control aims at, &gt; 0; default 6
 * @param horizon responses over which adaptive control corrects; larger is gentler, &gt; 0; default
 *     10000
 * @param klPenalty default {@link KlPenalty#KL}
 * @param gamma discount of later rewards, in [0, 1]; default 1
 * @param lambda bias against variance of the advantages, in [0, 1]: 0 is one step, 1 the whole
 *     response; default 0.95
 * @param clipRange how far the probability ratio may leave 1, &gt; 0; default 0.2
 * @param clipRangeValue how far a value may leave its old one, &gt; 0; default 0.2
 * @param valueCoefficient weight of the value loss, &ge; 0; default 0.1
 * @param whitenRewards whether per-token rewards are scaled to variance 1; default false
 * @param scoreScaling whether scores are divided by their running deviation; default false
 * @param scoreNorm whether their running mean is also taken off; needs {@code scoreScaling};
 *     default false
 * @param scoreClip largest absolute score, &gt; 0; null, the default, does not clip
 * @param earlyStopping whether a batch's remaining passes are left out when the policy has moved by
 *     more than 1.5 times {@code targetKl}; default false
 * @param targetKl see {@code earlyStopping}, &gt; 0; default 1
 * @param stopAtKl the training ends with the first step whose mean KL divergence from the reference
 *     reaches it, &gt; 0; null, the default, means it takes all its steps
 * @param ratioThreshold mean probability ratio above which a mini-batch is not learned from, &gt;
 *     0; default 10
 * @param rewardMean taken off every score; null, the default, means 0
 * @param rewardStd divides every score after that, &gt; 0; null, the default, means 1
 * @param missingEosPenalty taken off the score of a response that does not end by itself, &ge; 0;
 *     null, the default, means none
 * @param maxNewTokens tokens of a response at most, &gt; 0; default 53
 * @param minNewTokens tokens of a response at least, &gt; 0 and at most {@code maxNewTokens}; null,
 *     the default, means no lower limit
 * @param temperature divides the logits in sampling, &gt; 0; default 1; other values bias the KL
 *     estimate
 * @param topK samples among this many likeliest tokens, &ge; 0; default 0, which means all
 * @param topP samples among the likeliest tokens that together have this probability, in (0, 1];
 *     default 1
 * @param maxPromptLength prompts with more tokens keep their last ones, &gt; 0; null, the default,
 *     means as the model's context allows
 */
@Section("ppo")
public record PpoConfig(
    Path runDir,
    String model,
    @Nullable String tokenizer,
    DataConfig data,
    TrainingConfig training,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    AdapterConfig lora,
    @RequiredInFile("Name the folder of a reward model, such as runs/reward.")
        @Nullable String rewardModel,
    int miniBatchSize,
    int ppoEpochs,
    double initKlCoefficient,
    KlControl klControl,
    double target,
    double horizon,
    KlPenalty klPenalty,
    double gamma,
    double lambda,
    double clipRange,
    double clipRangeValue,
    double valueCoefficient,
    boolean whitenRewards,
    boolean scoreScaling,
    boolean scoreNorm,
    @Nullable Double scoreClip,
    boolean earlyStopping,
    double targetKl,
    @Nullable Double stopAtKl,
    double ratioThreshold,
    @Nullable Double rewardMean,
    @Nullable Double rewardStd,
    @Nullable Double missingEosPenalty,
    int maxNewTokens,
    @Nullable Integer minNewTokens,
    double temperature,
    int topK,
    double topP,
    @Nullable Integer maxPromptLength)
    implements RunConfig {

  public PpoConfig {
    var rules = Rules.ofRun();
    rules.checkRun(runDir, model, tokenizer);
    rules.check(
        training.routerAuxLossCoefficient() == null,
        "training.router-aux-loss-coefficient",
        training.routerAuxLossCoefficient(),
        "must be left out here",
        "Only SFT adds the router's loss.");
    rules.check(
        training.dropout() == null || training.dropout() == 0,
        "training.dropout",
        training.dropout(),
        "must be 0 here",
        "With dropout, ratios would differ from 1 before anything was learned.");
    rules.check(
        lora.dropout() == 0,
        "lora.dropout",
        lora.dropout(),
        "must be 0 here",
        "With dropout, ratios would differ from 1 before anything was learned.");
    rules.check(
        rewardModel == null || !rewardModel.isBlank(),
        "ppo.reward-model",
        "\"" + rewardModel + "\"",
        "must not be blank",
        "Name a folder, such as runs/reward.");
    rules.check(
        miniBatchSize > 0,
        "ppo.mini-batch-size",
        miniBatchSize,
        "must be > 0",
        "Use a divisor of training.batch-size.");
    long slice = (long) miniBatchSize * training.gradientAccumulationSteps();
    rules.check(
        slice <= 0 || training.batchSize() % slice == 0,
        "training.batch-size",
        training.batchSize(),
        "must be a multiple of ppo.mini-batch-size times training.gradient-accumulation-steps ("
            + slice
            + ")",
        "Use "
            + Math.max(slice, training.batchSize() / Math.max(1, slice) * slice)
            + ", or a smaller ppo.mini-batch-size.");
    rules.check(ppoEpochs > 0, "ppo.ppo-epochs", ppoEpochs, "must be > 0", "4 is usual.");
    rules.check(
        initKlCoefficient >= 0 && Double.isFinite(initKlCoefficient),
        "ppo.init-kl-coefficient",
        initKlCoefficient,
        "must be >= 0",
        "0.05 to 0.2 is usual.");
    rules.check(
        target > 0 && Double.isFinite(target), "ppo.target", target, "must be > 0", "6 is usual.");
    rules.check(
        horizon > 0 && Double.isFinite(horizon),
        "ppo.horizon",
        horizon,
        "must be > 0",
        "10000 is usual.");
    rules.check(
        gamma >= 0 && gamma <= 1,
        "ppo.gamma",
        gamma,
        "must be in [0, 1]",
        "1 is usual for language.");
    rules.check(
        lambda >= 0 && lambda <= 1, "ppo.lambda", lambda, "must be in [0, 1]", "0.95 is usual.");
    rules.check(
        clipRange > 0 && Double.isFinite(clipRange),
        "ppo.clip-range",
        clipRange,
        "must be > 0",
        "0.2 is usual.");
    rules.check(
        clipRangeValue > 0 && Double.isFinite(clipRangeValue),
        "ppo.clip-range-value",
        clipRangeValue,
        "must be > 0",
        "0.2 is usual.");
    rules.check(
        valueCoefficient >= 0 && Double.isFinite(valueCoefficient),
        "ppo.value-coefficient",
        valueCoefficient,
        "must be >= 0",
        "0.1 is usual.");
    rules.check(
        !scoreNorm || scoreScaling,
        "ppo.score-norm",
        scoreNorm,
        "must be false without ppo.score-scaling",
        "Set ppo.score-scaling: true as well.");
    rules.check(
        scoreClip == null || scoreClip > 0,
        "ppo.score-clip",
        scoreClip,
        "must be > 0",
        "Leave it out to keep scores as they are.");
    rules.check(
        targetKl > 0 && Double.isFinite(targetKl),
        "ppo.target-kl",
        targetKl,
        "must be > 0",
        "1 is usual.");
    rules.check(
        stopAtKl == null || stopAtKl > 0,
        "ppo.stop-at-kl",
        stopAtKl,
        "must be > 0",
        "Leave it out to take all steps.");
    rules.check(
        ratioThreshold > 0, "ppo.ratio-threshold", ratioThreshold, "must be > 0", "10 is usual.");
    rules.check(
        rewardMean == null || Double.isFinite(rewardMean),
        "ppo.reward-mean",
        rewardMean,
        "must be a finite number",
        "Use the mean score of the start model's responses.");
    rules.check(
        rewardStd == null || (rewardStd > 0 && Double.isFinite(rewardStd)),
        "ppo.reward-std",
        rewardStd,
        "must be > 0",
        "Use the standard deviation of the start model's scores.");
    rules.check(
        missingEosPenalty == null || (missingEosPenalty >= 0 && Double.isFinite(missingEosPenalty)),
        "ppo.missing-eos-penalty",
        missingEosPenalty,
        "must be >= 0",
        "1 is usual; leave it out for none.");
    rules.check(
        maxNewTokens > 0, "ppo.max-new-tokens", maxNewTokens, "must be > 0", "16 to 256 is usual.");
    rules.check(
        minNewTokens == null || (minNewTokens > 0 && minNewTokens <= maxNewTokens),
        "ppo.min-new-tokens",
        minNewTokens,
        "must be > 0 and at most ppo.max-new-tokens (" + maxNewTokens + ")",
        "Leave it out for no lower limit.");
    rules.check(
        temperature > 0 && Double.isFinite(temperature),
        "ppo.temperature",
        temperature,
        "must be > 0",
        "1 samples from the policy itself.");
    rules.check(topK >= 0, "ppo.top-k", topK, "must be >= 0", "0 samples among all tokens.");
    rules.check(
        topP > 0 && topP <= 1,
        "ppo.top-p",
        topP,
        "must be in (0, 1]",
        "1 samples among all tokens.");
    rules.check(
        maxPromptLength == null || maxPromptLength > 0,
        "ppo.max-prompt-length",
        maxPromptLength,
        "must be > 0",
        "Leave it out to allow what fits the model's context.");
    rules.throwIfBroken();
  }

  @Override
  public Map<String, String> otherModels() {
    return rewardModel == null ? Map.of() : Map.of("reward model", rewardModel);
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .startAt(this)
        .rewardModel(rewardModel)
        .miniBatchSize(miniBatchSize)
        .ppoEpochs(ppoEpochs)
        .initKlCoefficient(initKlCoefficient)
        .klControl(klControl)
        .target(target)
        .horizon(horizon)
        .klPenalty(klPenalty)
        .gamma(gamma)
        .lambda(lambda)
        .clipRange(clipRange)
        .clipRangeValue(clipRangeValue)
        .valueCoefficient(valueCoefficient)
        .whitenRewards(whitenRewards)
        .scoreScaling(scoreScaling)
        .scoreNorm(scoreNorm)
        .scoreClip(scoreClip)
        .earlyStopping(earlyStopping)
        .targetKl(targetKl)
        .stopAtKl(stopAtKl)
        .ratioThreshold(ratioThreshold)
        .rewardMean(rewardMean)
        .rewardStd(rewardStd)
        .missingEosPenalty(missingEosPenalty)
        .maxNewTokens(maxNewTokens)
        .minNewTokens(minNewTokens)
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .maxPromptLength(maxPromptLength);
  }

  /** Builds a {@link PpoConfig}. */
  public static final class Builder extends RunConfigBuilder<Builder> {
    private @Nullable String rewardModel;
    private int miniBatchSize = 128;
    private int ppoEpochs = 4;
    private double initKlCoefficient = 0.2;
    private KlControl klControl = KlControl.ADAPTIVE;
    private double target = 6;
    private double horizon = 10000;
    private KlPenalty klPenalty = KlPenalty.KL;
    private double gamma = 1;
    private double lambda = 0.95;
    private double clipRange = 0.2;
    private double clipRangeValue = 0.2;
    private double valueCoefficient = 0.1;
    private boolean whitenRewards;
    private boolean scoreScaling;
    private boolean scoreNorm;
    private @Nullable Double scoreClip;
    private boolean earlyStopping;
    private double targetKl = 1;
    private @Nullable Double stopAtKl;
    private double ratioThreshold = 10;
    private @Nullable Double rewardMean;
    private @Nullable Double rewardStd;
    private @Nullable Double missingEosPenalty;
    private int maxNewTokens = 53;
    private @Nullable Integer minNewTokens;
    private double temperature = 1;
    private int topK;
    private double topP = 1;
    private @Nullable Integer maxPromptLength;

    private Builder() {
      training.epochs(1).batchSize(128).dropLast(true).maxGradNorm(0);
      optimizer.type(OptimizerType.ADAM).learningRate(1.41e-5);
      schedule.type(ScheduleType.CONSTANT);
    }

    public Builder rewardModel(@Nullable String rewardModel) {
      this.rewardModel = rewardModel;
      return this;
    }

    public Builder miniBatchSize(int miniBatchSize) {
      this.miniBatchSize = miniBatchSize;
      return this;
    }

    public Builder ppoEpochs(int ppoEpochs) {
      this.ppoEpochs = ppoEpochs;
      return this;
    }

    public Builder initKlCoefficient(double initKlCoefficient) {
      this.initKlCoefficient = initKlCoefficient;
      return this;
    }

    public Builder klControl(KlControl klControl) {
      this.klControl = klControl;
      return this;
    }

    public Builder target(double target) {
      this.target = target;
      return this;
    }

    public Builder horizon(double horizon) {
      this.horizon = horizon;
      return this;
    }

    public Builder klPenalty(KlPenalty klPenalty) {
      this.klPenalty = klPenalty;
      return this;
    }

    public Builder gamma(double gamma) {
      this.gamma = gamma;
      return this;
    }

    public Builder lambda(double lambda) {
      this.lambda = lambda;
      return this;
    }

    public Builder clipRange(double clipRange) {
      this.clipRange = clipRange;
      return this;
    }

    public Builder clipRangeValue(double clipRangeValue) {
      this.clipRangeValue = clipRangeValue;
      return this;
    }

    public Builder valueCoefficient(double valueCoefficient) {
      this.valueCoefficient = valueCoefficient;
      return this;
    }

    public Builder whitenRewards(boolean whitenRewards) {
      this.whitenRewards = whitenRewards;
      return this;
    }

    public Builder scoreScaling(boolean scoreScaling) {
      this.scoreScaling = scoreScaling;
      return this;
    }

    public Builder scoreNorm(boolean scoreNorm) {
      this.scoreNorm = scoreNorm;
      return this;
    }

    public Builder scoreClip(@Nullable Double scoreClip) {
      this.scoreClip = scoreClip;
      return this;
    }

    public Builder earlyStopping(boolean earlyStopping) {
      this.earlyStopping = earlyStopping;
      return this;
    }

    public Builder targetKl(double targetKl) {
      this.targetKl = targetKl;
      return this;
    }

    public Builder stopAtKl(@Nullable Double stopAtKl) {
      this.stopAtKl = stopAtKl;
      return this;
    }

    public Builder ratioThreshold(double ratioThreshold) {
      this.ratioThreshold = ratioThreshold;
      return this;
    }

    public Builder rewardMean(@Nullable Double rewardMean) {
      this.rewardMean = rewardMean;
      return this;
    }

    public Builder rewardStd(@Nullable Double rewardStd) {
      this.rewardStd = rewardStd;
      return this;
    }

    public Builder missingEosPenalty(@Nullable Double missingEosPenalty) {
      this.missingEosPenalty = missingEosPenalty;
      return this;
    }

    public Builder maxNewTokens(int maxNewTokens) {
      this.maxNewTokens = maxNewTokens;
      return this;
    }

    public Builder minNewTokens(@Nullable Integer minNewTokens) {
      this.minNewTokens = minNewTokens;
      return this;
    }

    public Builder temperature(double temperature) {
      this.temperature = temperature;
      return this;
    }

    public Builder topK(int topK) {
      this.topK = topK;
      return this;
    }

    public Builder topP(double topP) {
      this.topP = topP;
      return this;
    }

    public Builder maxPromptLength(@Nullable Integer maxPromptLength) {
      this.maxPromptLength = maxPromptLength;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules of all sections
     */
    public PpoConfig build() {
      var rules = Rules.ofRun();
      DataConfig data = rules.section(this.data::build, DataConfig.builder()::build);
      TrainingConfig training = rules.section(this.training::build, this::fittingTraining);
      OptimizerConfig optimizer =
          rules.section(this.optimizer::build, OptimizerConfig.builder()::build);
      ScheduleConfig schedule =
          rules.section(this.schedule::build, ScheduleConfig.builder()::build);
      AdapterConfig lora = rules.section(this.lora::build, AdapterConfig.builder()::build);
      return rules.whole(
          () ->
              new PpoConfig(
                  runDir,
                  model,
                  tokenizer,
                  data,
                  training,
                  optimizer,
                  schedule,
                  lora,
                  rewardModel,
                  miniBatchSize,
                  ppoEpochs,
                  initKlCoefficient,
                  klControl,
                  target,
                  horizon,
                  klPenalty,
                  gamma,
                  lambda,
                  clipRange,
                  clipRangeValue,
                  valueCoefficient,
                  whitenRewards,
                  scoreScaling,
                  scoreNorm,
                  scoreClip,
                  earlyStopping,
                  targetKl,
                  stopAtKl,
                  ratioThreshold,
                  rewardMean,
                  rewardStd,
                  missingEosPenalty,
                  maxNewTokens,
                  minNewTokens,
                  temperature,
                  topK,
                  topP,
                  maxPromptLength));
    }

    /** Stands in for a broken section without a problem that the user did not make. */
    private TrainingConfig fittingTraining() {
      return TrainingConfig.builder().batchSize(Math.max(1, miniBatchSize)).build();
    }

    @Override
    protected Builder self() {
      return this;
    }
  }
}
