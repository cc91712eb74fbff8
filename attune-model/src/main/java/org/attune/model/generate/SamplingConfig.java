package org.attune.model.generate;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.GenerationDefaults;

/**
 * How the next token is chosen, and when to stop. {@link #builder} begins with the model's own
 * distribution: temperature 1 and no filter.
 *
 * @param temperature divides the logits; 0 is greedy, which takes the likeliest token and ignores
 *     top-k, top-p and min-p; default 1
 * @param topK keeps that many of the likeliest tokens, and those equal to the last; 0 is off, the
 *     default
 * @param topP keeps the likeliest tokens up to that total probability, in (0, 1]; default 1, off
 * @param minP drops tokens less likely than that part of the likeliest, in [0, 1]; default 0, off
 * @param repetitionPenalty makes tokens of the prompt and the continuation less likely if above 1
 *     (arXiv:1909.05858, section 4.1); default 1, off
 * @param noRepeatNgramSize forbids a second occurrence of any run of that many tokens; 0 is off,
 *     the default
 * @param minNewTokens no end token before that many new tokens; default 0
 * @param maxNewTokens the most new tokens; default 256
 * @param seed of the random choices; default 0
 * @param stopStrings texts that end generation; none by default
 */
public record SamplingConfig(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    int noRepeatNgramSize,
    int minNewTokens,
    int maxNewTokens,
    long seed,
    List<String> stopStrings) {
  public SamplingConfig {
    stopStrings = List.copyOf(stopStrings);
    Problems problems = new Problems();
    problems.require(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature must be >= 0 but was %s. Use 0 for greedy, 0.7 to 1 for sampling.",
        temperature);
    problems.require(topK >= 0, "top-k must be >= 0 but was %s. Use 0 for all tokens.", topK);
    problems.require(
        topP > 0 && topP <= 1, "top-p must be in (0, 1] but was %s. Use 1 for all tokens.", topP);
    problems.require(
        minP >= 0 && minP <= 1, "min-p must be in [0, 1] but was %s. Use 0 for all tokens.", minP);
    problems.require(
        repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
        "repetition-penalty must be > 0 but was %s. Use 1 for none.",
        repetitionPenalty);
    problems.require(
        noRepeatNgramSize >= 0,
        "no-repeat-ngram-size must be >= 0 but was %s. Use 0 to allow repetition.",
        noRepeatNgramSize);
    problems.require(
        minNewTokens >= 0,
        "min-new-tokens must be >= 0 but was %s. Use 0 for no minimum.",
        minNewTokens);
    problems.require(
        maxNewTokens >= 1,
        "max-new-tokens must be >= 1 but was %s. Give the most tokens to generate.",
        maxNewTokens);
    problems.require(
        minNewTokens <= Math.max(1, maxNewTokens),
        "min-new-tokens must not be above max-new-tokens but was %s. Lower it or raise"
            + " max-new-tokens.",
        minNewTokens);
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

  /** A builder with a model's own settings: greedy unless it asks for sampling. */
  public static Builder from(GenerationDefaults defaults) {
    Builder builder =
        builder()
            .temperature(defaults.doSample() ? defaults.temperature() : 0)
            .topK(defaults.topK())
            .topP(defaults.topP())
            .minP(defaults.minP())
            .repetitionPenalty(defaults.repetitionPenalty())
            .noRepeatNgramSize(defaults.noRepeatNgramSize())
            .minNewTokens(defaults.minNewTokens())
            .stopStrings(defaults.stopStrings());
    defaults.maxNewTokens().ifPresent(builder::maxNewTokens);
    return builder;
  }

  public Builder toBuilder() {
    return builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .noRepeatNgramSize(noRepeatNgramSize)
        .minNewTokens(minNewTokens)
        .maxNewTokens(maxNewTokens)
        .seed(seed)
        .stopStrings(stopStrings);
  }

  /** Whether the likeliest token is taken, without chance. */
  public boolean isGreedy() {
    return temperature == 0;
  }

  private static final class Problems {
    private final List<String> found = new ArrayList<>();

    void require(boolean holds, String rule, Object value) {
      if (!holds) {
        found.add(rule.formatted(value));
      }
    }

    void report() {
      if (!found.isEmpty()) {
        throw new InvalidSamplingException(found);
      }
    }
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private double temperature = 1;
    private int topK;
    private double topP = 1;
    private double minP;
    private double repetitionPenalty = 1;
    private int noRepeatNgramSize;
    private int minNewTokens;
    private int maxNewTokens = 256;
    private long seed;
    private List<String> stopStrings = List.of();

    private Builder() {}

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

    public Builder repetitionPenalty(double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    public Builder noRepeatNgramSize(int noRepeatNgramSize) {
      this.noRepeatNgramSize = noRepeatNgramSize;
      return this;
    }

    public Builder minNewTokens(int minNewTokens) {
      this.minNewTokens = minNewTokens;
      return this;
    }

    public Builder maxNewTokens(int maxNewTokens) {
      this.maxNewTokens = maxNewTokens;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    public Builder stopStrings(List<String> stopStrings) {
      this.stopStrings = List.copyOf(stopStrings);
      return this;
    }

    /**
     * Checks the settings.
     *
     * @throws InvalidSamplingException with every problem
     */
    public SamplingConfig build() {
      return new SamplingConfig(
          temperature,
          topK,
          topP,
          minP,
          repetitionPenalty,
          noRepeatNgramSize,
          minNewTokens,
          maxNewTokens,
          seed,
          stopStrings);
    }
  }
}
