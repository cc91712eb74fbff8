package org.attune.model.generate;

import java.util.List;
import java.util.OptionalInt;
import org.attune.model.checkpoint.GenerationDefaults;
import org.attune.model.generate.logits.BiasedSequence;

/**
 * How the next token is chosen, and when to stop. {@link #builder} begins with the model's own
 * distribution: temperature 1, no filter and no penalty.
 *
 * @param draw the distribution that tokens are drawn from
 * @param penalties what makes tokens less likely
 * @param rules tokens that are forbidden, forced or favoured
 * @param lengths when a continuation may and must end
 * @param beams beam search, if any
 * @param renormalize whether scores of beams become log-probabilities again after all rules; it
 *     changes no sample; default false
 * @param samplesPerPrompt continuations of each prompt; the best ones of a beam search; default 1
 * @param seed of the random choices; default 0
 * @param stopStrings texts that end generation; none by default
 */
public record SamplingConfig(
    DrawSettings draw,
    Penalties penalties,
    TokenRules rules,
    LengthLimits lengths,
    BeamSettings beams,
    boolean renormalize,
    int samplesPerPrompt,
    long seed,
    List<String> stopStrings) {
  public SamplingConfig {
    stopStrings = List.copyOf(stopStrings);
    Problems problems = new Problems();
    draw.check(problems);
    penalties.check(problems);
    rules.check(problems);
    lengths.check(problems);
    beams.check(problems);
    problems.require(
        samplesPerPrompt >= 1,
        "samples must be >= 1 but was %s. Give the continuations of each prompt.",
        samplesPerPrompt);
    problems.require(
        samplesPerPrompt <= 1 || beams.beams() > 1 || draw.temperature() != 0,
        "samples must be 1 if temperature is 0 but was %s: all would be the same. Raise temperature"
            + " or beams.",
        samplesPerPrompt);
    problems.require(
        beams.beams() <= 1 || samplesPerPrompt <= beams.beams(),
        "samples must not be above beams but was %s. Raise beams.",
        samplesPerPrompt);
    problems.require(
        !stopStrings.contains(""),
        "stop-strings must not hold the empty text but was %s. Remove it.",
        stopStrings);
    problems.report();
  }

  /** A builder with the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A builder with a model's own settings: greedy unless it asks for sampling.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if the model asks for something that is
   *     not here
   */
  public static Builder from(GenerationDefaults defaults) {
    return GenerationKeys.read(defaults.settings());
  }

  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether the likeliest token is taken, without chance. */
  public boolean isGreedy() {
    return draw.temperature() == 0;
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private double temperature = 1;
    private int topK;
    private double topP = 1;
    private double minP;
    private double typicalP = 1;
    private double epsilonCutoff;
    private double etaCutoff;
    private double repetitionPenalty = 1;
    private double presencePenalty;
    private double frequencyPenalty;
    private int noRepeatNgramSize;
    private List<List<Integer>> badWords = List.of();
    private List<BiasedSequence> sequenceBias = List.of();
    private List<Integer> suppressTokens = List.of();
    private List<Integer> beginSuppressTokens = List.of();
    private OptionalInt forcedBosId = OptionalInt.empty();
    private List<Integer> forcedEosIds = List.of();
    private int minLength;
    private int minNewTokens;
    private int maxLength;
    private int maxNewTokens = 256;
    private int beams = 1;
    private double lengthPenalty = 1;
    private BeamSettings.EarlyStopping earlyStopping = BeamSettings.EarlyStopping.NO;
    private boolean renormalize;
    private int samplesPerPrompt = 1;
    private long seed;
    private List<String> stopStrings = List.of();
    private int lengthDecayStart;
    private double lengthDecayFactor = 1;

    private Builder() {}

    private Builder(SamplingConfig config) {
      temperature = config.draw.temperature();
      topK = config.draw.topK();
      topP = config.draw.topP();
      minP = config.draw.minP();
      typicalP = config.draw.typicalP();
      epsilonCutoff = config.draw.epsilonCutoff();
      etaCutoff = config.draw.etaCutoff();
      repetitionPenalty = config.penalties.repetition();
      presencePenalty = config.penalties.presence();
      frequencyPenalty = config.penalties.frequency();
      lengthDecayStart = config.penalties.lengthDecayStart();
      lengthDecayFactor = config.penalties.lengthDecayFactor();
      noRepeatNgramSize = config.rules.noRepeatNgramSize();
      badWords = config.rules.badWords();
      sequenceBias = config.rules.sequenceBias();
      suppressTokens = config.rules.suppressed();
      beginSuppressTokens = config.rules.suppressedAtBegin();
      forcedBosId = config.rules.forcedSecond();
      forcedEosIds = config.rules.forcedLast();
      minLength = config.lengths.minLength();
      minNewTokens = config.lengths.minNewTokens();
      maxLength = config.lengths.maxLength();
      maxNewTokens = config.lengths.maxNewTokens();
      beams = config.beams.beams();
      lengthPenalty = config.beams.lengthPenalty();
      earlyStopping = config.beams.earlyStopping();
      renormalize = config.renormalize;
      samplesPerPrompt = config.samplesPerPrompt;
      seed = config.seed;
      stopStrings = config.stopStrings;
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

    public Builder minP(double minP) {
      this.minP = minP;
      return this;
    }

    public Builder typicalP(double typicalP) {
      this.typicalP = typicalP;
      return this;
    }

    public Builder epsilonCutoff(double epsilonCutoff) {
      this.epsilonCutoff = epsilonCutoff;
      return this;
    }

    public Builder etaCutoff(double etaCutoff) {
      this.etaCutoff = etaCutoff;
      return this;
    }

    public Builder repetitionPenalty(double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    public Builder presencePenalty(double presencePenalty) {
      this.presencePenalty = presencePenalty;
      return this;
    }

    public Builder frequencyPenalty(double frequencyPenalty) {
      this.frequencyPenalty = frequencyPenalty;
      return this;
    }

    public Builder noRepeatNgramSize(int noRepeatNgramSize) {
      this.noRepeatNgramSize = noRepeatNgramSize;
      return this;
    }

    public Builder badWords(List<List<Integer>> badWords) {
      this.badWords = badWords;
      return this;
    }

    public Builder sequenceBias(List<BiasedSequence> sequenceBias) {
      this.sequenceBias = sequenceBias;
      return this;
    }

    public Builder suppressTokens(List<Integer> suppressTokens) {
      this.suppressTokens = suppressTokens;
      return this;
    }

    public Builder beginSuppressTokens(List<Integer> beginSuppressTokens) {
      this.beginSuppressTokens = beginSuppressTokens;
      return this;
    }

    public Builder forcedBosId(OptionalInt forcedBosId) {
      this.forcedBosId = forcedBosId;
      return this;
    }

    public Builder forcedEosIds(List<Integer> forcedEosIds) {
      this.forcedEosIds = forcedEosIds;
      return this;
    }

    public Builder minLength(int minLength) {
      this.minLength = minLength;
      return this;
    }

    public Builder minNewTokens(int minNewTokens) {
      this.minNewTokens = minNewTokens;
      return this;
    }

    public Builder maxLength(int maxLength) {
      this.maxLength = maxLength;
      return this;
    }

    public Builder maxNewTokens(int maxNewTokens) {
      this.maxNewTokens = maxNewTokens;
      return this;
    }

    public Builder beams(int beams) {
      this.beams = beams;
      return this;
    }

    public Builder lengthPenalty(double lengthPenalty) {
      this.lengthPenalty = lengthPenalty;
      return this;
    }

    public Builder earlyStopping(BeamSettings.EarlyStopping earlyStopping) {
      this.earlyStopping = earlyStopping;
      return this;
    }

    public Builder renormalize(boolean renormalize) {
      this.renormalize = renormalize;
      return this;
    }

    public Builder samplesPerPrompt(int samplesPerPrompt) {
      this.samplesPerPrompt = samplesPerPrompt;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    public Builder stopStrings(List<String> stopStrings) {
      this.stopStrings = stopStrings;
      return this;
    }

    /**
     * Makes the end likelier with each token beyond the start.
     *
     * @param start new tokens without a change
     * @param factor above 1
     */
    public Builder lengthDecay(int start, double factor) {
      lengthDecayStart = start;
      lengthDecayFactor = factor;
      return this;
    }

    /**
     * Checks the settings.
     *
     * @throws InvalidSamplingException with every problem
     */
    public SamplingConfig build() {
      return new SamplingConfig(
          new DrawSettings(temperature, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff),
          new Penalties(
              repetitionPenalty,
              presencePenalty,
              frequencyPenalty,
              lengthDecayStart,
              lengthDecayFactor),
          new TokenRules(
              noRepeatNgramSize,
              badWords,
              sequenceBias,
              suppressTokens,
              beginSuppressTokens,
              forcedBosId,
              forcedEosIds),
          new LengthLimits(minLength, minNewTokens, maxLength, maxNewTokens),
          new BeamSettings(beams, lengthPenalty, earlyStopping),
          renormalize,
          samplesPerPrompt,
          seed,
          stopStrings);
    }
  }
}
