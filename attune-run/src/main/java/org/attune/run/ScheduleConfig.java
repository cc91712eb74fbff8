package org.attune.run;

/**
 * The course of the learning rate: the section {@code schedule}.
 *
 * @param type default {@link ScheduleType#LINEAR}, for PPO {@link ScheduleType#CONSTANT}
 * @param warmupSteps steps over which the rate rises from 0, &ge; 0; default 0
 * @param warmupRatio the same as a share of all steps, in [0, 1); default 0; not together with
 *     {@code warmupSteps}
 * @param minLearningRateRatio lowest rate of {@link ScheduleType#COSINE_WITH_MIN_LR} as a share of
 *     the full rate, in [0, 1]; default 0
 * @param cycles waves of a cosine, &gt; 0; default 0.5
 * @param power degree of {@link ScheduleType#POLYNOMIAL}, &gt; 0; default 1
 * @param decayEnd last learning rate of {@link ScheduleType#POLYNOMIAL}, &ge; 0; default 1e-7
 */
public record ScheduleConfig(
    ScheduleType type,
    int warmupSteps,
    double warmupRatio,
    double minLearningRateRatio,
    double cycles,
    double power,
    double decayEnd) {

  public ScheduleConfig {
    var rules = Rules.ofSection("schedule");
    rules.check(
        warmupSteps >= 0, "warmup-steps", warmupSteps, "must be >= 0", "Use 0 for no warm-up.");
    rules.check(
        warmupRatio >= 0 && warmupRatio < 1,
        "warmup-ratio",
        warmupRatio,
        "must be in [0, 1)",
        "0.03 to 0.1 is usual; 0 for no warm-up.");
    rules.check(
        warmupSteps <= 0 || warmupRatio <= 0,
        "warmup-ratio",
        warmupRatio,
        "must be 0 when schedule.warmup-steps is set",
        "Remove one of the two.");
    rules.check(
        minLearningRateRatio >= 0 && minLearningRateRatio <= 1,
        "min-learning-rate-ratio",
        minLearningRateRatio,
        "must be in [0, 1]",
        "0.1 is usual.");
    rules.check(
        cycles > 0 && Double.isFinite(cycles),
        "cycles",
        cycles,
        "must be > 0",
        "0.5 falls once from the full rate to the lowest.");
    rules.check(
        power > 0 && Double.isFinite(power),
        "power",
        power,
        "must be > 0",
        "1 is a straight line.");
    rules.check(
        decayEnd >= 0 && Double.isFinite(decayEnd),
        "decay-end",
        decayEnd,
        "must be >= 0",
        "1e-7 is usual.");
    rules.throwIfBroken();
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .type(type)
        .warmupSteps(warmupSteps)
        .warmupRatio(warmupRatio)
        .minLearningRateRatio(minLearningRateRatio)
        .cycles(cycles)
        .power(power)
        .decayEnd(decayEnd);
  }

  /** Builds a {@link ScheduleConfig}. */
  public static final class Builder {
    private ScheduleType type = ScheduleType.LINEAR;
    private int warmupSteps;
    private double warmupRatio;
    private double minLearningRateRatio;
    private double cycles = 0.5;
    private double power = 1;
    private double decayEnd = 1e-7;

    private Builder() {}

    public Builder type(ScheduleType type) {
      this.type = type;
      return this;
    }

    public Builder warmupSteps(int warmupSteps) {
      this.warmupSteps = warmupSteps;
      return this;
    }

    public Builder warmupRatio(double warmupRatio) {
      this.warmupRatio = warmupRatio;
      return this;
    }

    public Builder minLearningRateRatio(double minLearningRateRatio) {
      this.minLearningRateRatio = minLearningRateRatio;
      return this;
    }

    public Builder cycles(double cycles) {
      this.cycles = cycles;
      return this;
    }

    public Builder power(double power) {
      this.power = power;
      return this;
    }

    public Builder decayEnd(double decayEnd) {
      this.decayEnd = decayEnd;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules
     */
    public ScheduleConfig build() {
      return new ScheduleConfig(
          type, warmupSteps, warmupRatio, minLearningRateRatio, cycles, power, decayEnd);
    }
  }
}
