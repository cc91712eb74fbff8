package org.attune.run;

/**
 * The optimizer: the section {@code optimizer}.
 *
 * @param type default {@link OptimizerType#ADAMW}, for PPO {@link OptimizerType#ADAM}
 * @param learningRate the full rate, before the schedule, &gt; 0; default 2e-5 for supervised
 *     fine-tuning, 1e-4 for reward models, 1.41e-5 for PPO
 * @param weightDecay pull of the weights towards 0, &ge; 0; default 0
 * @param beta1 decay of the gradient's running mean, in [0, 1); default 0.9
 * @param beta2 decay of the squared gradient's running mean, in [0, 1); default 0.999
 * @param epsilon keeps the division by the root of the latter finite, &gt; 0; default 1e-8
 */
public record OptimizerConfig(
    OptimizerType type,
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon) {

  public OptimizerConfig {
    var rules = Rules.ofSection("optimizer");
    rules.check(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning-rate",
        learningRate,
        "must be > 0",
        "1e-6 to 1e-3 is usual.");
    rules.check(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight-decay",
        weightDecay,
        "must be >= 0",
        "0 to 0.1 is usual.");
    rules.check(beta1 >= 0 && beta1 < 1, "beta1", beta1, "must be in [0, 1)", "0.9 is usual.");
    rules.check(beta2 >= 0 && beta2 < 1, "beta2", beta2, "must be in [0, 1)", "0.999 is usual.");
    rules.check(
        epsilon > 0 && Double.isFinite(epsilon),
        "epsilon",
        epsilon,
        "must be > 0",
        "1e-8 is usual.");
    rules.throwIfBroken();
  }

  /** A builder that starts at the defaults of supervised fine-tuning. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .type(type)
        .learningRate(learningRate)
        .weightDecay(weightDecay)
        .beta1(beta1)
        .beta2(beta2)
        .epsilon(epsilon);
  }

  /** Builds an {@link OptimizerConfig}. */
  public static final class Builder {
    private OptimizerType type = OptimizerType.ADAMW;
    private double learningRate = 2e-5;
    private double weightDecay;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;

    private Builder() {}

    public Builder type(OptimizerType type) {
      this.type = type;
      return this;
    }

    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules
     */
    public OptimizerConfig build() {
      return new OptimizerConfig(type, learningRate, weightDecay, beta1, beta2, epsilon);
    }
  }
}
