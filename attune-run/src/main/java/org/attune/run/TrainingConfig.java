package org.attune.run;

import org.jspecify.annotations.Nullable;

/**
 * How long, in which portions and how visibly a model is trained: the section {@code training}.
 *
 * @param epochs passes over the training rows, &gt; 0; default 3; not used when {@code maxSteps} is
 *     given
 * @param maxSteps optimizer steps, &gt; 0; null, the default, means by {@code epochs}
 * @param batchSize rows (packed sequences, pairs or prompts) of one accumulation slice, &gt; 0;
 *     default 8
 * @param gradientAccumulationSteps slices whose gradients make one optimizer step, &gt; 0; default
 *     1
 * @param maxGradNorm upper limit of the gradient's norm, &ge; 0; default 1; 0 does not clip
 * @param loggingSteps steps between two metrics events, &gt; 0; default 10
 * @param evalSteps steps between two evaluations, &gt; 0; null, the default, means none
 * @param saveSteps steps between two checkpoints, &ge; 0; default 500; 0 saves only at the end
 * @param saveTotalLimit the number of newest checkpoints that are kept, &gt; 0; null, the default,
 *     keeps all
 * @param seed source of all randomness of the run; default 42
 * @param replicas copies of the model's gradients that work at the same time in one process, &gt;
 *     0; null, the default, means as many as suit the machine
 * @param computeDtype number format of the linear layers; default {@link ComputeDtype#AUTO}
 * @param shuffle whether each epoch reads the rows in another order; default true
 * @param dropLast whether an incomplete batch at the end of an epoch is left out; default false
 * @param parity whether known oddities of the Python originals are reproduced instead of corrected;
 *     default false
 * @param routerAuxLossCoefficient what the loss that keeps experts evenly loaded is multiplied by,
 *     &ge; 0; null, the default, means what the model's configuration says; SFT only
 * @param dropout share that is dropped wherever the model's family drops, in [0, 1); null, the
 *     default, means what the model's configuration says in SFT, and 0 for a reward model; PPO
 *     never drops
 */
public record TrainingConfig(
    double epochs,
    @Nullable Integer maxSteps,
    int batchSize,
    int gradientAccumulationSteps,
    double maxGradNorm,
    int loggingSteps,
    @Nullable Integer evalSteps,
    int saveSteps,
    @Nullable Integer saveTotalLimit,
    long seed,
    @Nullable Integer replicas,
    ComputeDtype computeDtype,
    boolean shuffle,
    boolean dropLast,
    boolean parity,
    @Nullable Double routerAuxLossCoefficient,
    @Nullable Double dropout) {

  public TrainingConfig {
    var rules = Rules.ofSection("training");
    rules.check(
        epochs > 0 && Double.isFinite(epochs),
        "epochs",
        epochs,
        "must be > 0",
        "Use 1 to 5, or set training.max-steps.");
    rules.check(
        maxSteps == null || maxSteps > 0,
        "max-steps",
        maxSteps,
        "must be > 0",
        "Leave it out to train by training.epochs.");
    rules.check(batchSize > 0, "batch-size", batchSize, "must be > 0", "8 is usual.");
    rules.check(
        gradientAccumulationSteps > 0,
        "gradient-accumulation-steps",
        gradientAccumulationSteps,
        "must be > 0",
        "Use 1 to step after every batch.");
    rules.check(
        maxGradNorm >= 0 && Double.isFinite(maxGradNorm),
        "max-grad-norm",
        maxGradNorm,
        "must be >= 0",
        "1.0 is usual; 0 does not clip.");
    rules.check(loggingSteps > 0, "logging-steps", loggingSteps, "must be > 0", "10 is usual.");
    rules.check(
        evalSteps == null || evalSteps > 0,
        "eval-steps",
        evalSteps,
        "must be > 0",
        "Leave it out to train without evaluation.");
    rules.check(
        saveSteps >= 0, "save-steps", saveSteps, "must be >= 0", "0 saves only at the end.");
    rules.check(
        saveTotalLimit == null || saveTotalLimit > 0,
        "save-total-limit",
        saveTotalLimit,
        "must be > 0",
        "Leave it out to keep every checkpoint.");
    rules.check(
        replicas == null || replicas > 0,
        "replicas",
        replicas,
        "must be > 0",
        "Leave it out to use as many as suit the machine.");
    rules.check(
        routerAuxLossCoefficient == null
            || (routerAuxLossCoefficient >= 0 && Double.isFinite(routerAuxLossCoefficient)),
        "router-aux-loss-coefficient",
        routerAuxLossCoefficient,
        "must be >= 0",
        "0.001 is usual; leave it out to follow the model's configuration.");
    rules.check(
        dropout == null || (dropout >= 0 && dropout < 1),
        "dropout",
        dropout,
        "must be >= 0 and < 1",
        "0.1 is usual; 0 switches it off.");
    rules.throwIfBroken();
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .epochs(epochs)
        .maxSteps(maxSteps)
        .batchSize(batchSize)
        .gradientAccumulationSteps(gradientAccumulationSteps)
        .maxGradNorm(maxGradNorm)
        .loggingSteps(loggingSteps)
        .evalSteps(evalSteps)
        .saveSteps(saveSteps)
        .saveTotalLimit(saveTotalLimit)
        .seed(seed)
        .replicas(replicas)
        .computeDtype(computeDtype)
        .shuffle(shuffle)
        .dropLast(dropLast)
        .parity(parity)
        .routerAuxLossCoefficient(routerAuxLossCoefficient)
        .dropout(dropout);
  }

  /** Builds a {@link TrainingConfig}. */
  public static final class Builder {
    private double epochs = 3;
    private @Nullable Integer maxSteps;
    private int batchSize = 8;
    private int gradientAccumulationSteps = 1;
    private double maxGradNorm = 1;
    private int loggingSteps = 10;
    private @Nullable Integer evalSteps;
    private int saveSteps = 500;
    private @Nullable Integer saveTotalLimit;
    private long seed = 42;
    private @Nullable Integer replicas;
    private ComputeDtype computeDtype = ComputeDtype.AUTO;
    private boolean shuffle = true;
    private boolean dropLast;
    private boolean parity;
    private @Nullable Double routerAuxLossCoefficient;
    private @Nullable Double dropout;

    private Builder() {}

    public Builder epochs(double epochs) {
      this.epochs = epochs;
      return this;
    }

    public Builder maxSteps(@Nullable Integer maxSteps) {
      this.maxSteps = maxSteps;
      return this;
    }

    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    public Builder gradientAccumulationSteps(int gradientAccumulationSteps) {
      this.gradientAccumulationSteps = gradientAccumulationSteps;
      return this;
    }

    public Builder maxGradNorm(double maxGradNorm) {
      this.maxGradNorm = maxGradNorm;
      return this;
    }

    public Builder loggingSteps(int loggingSteps) {
      this.loggingSteps = loggingSteps;
      return this;
    }

    public Builder evalSteps(@Nullable Integer evalSteps) {
      this.evalSteps = evalSteps;
      return this;
    }

    public Builder saveSteps(int saveSteps) {
      this.saveSteps = saveSteps;
      return this;
    }

    public Builder saveTotalLimit(@Nullable Integer saveTotalLimit) {
      this.saveTotalLimit = saveTotalLimit;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    public Builder replicas(@Nullable Integer replicas) {
      this.replicas = replicas;
      return this;
    }

    public Builder computeDtype(ComputeDtype computeDtype) {
      this.computeDtype = computeDtype;
      return this;
    }

    public Builder shuffle(boolean shuffle) {
      this.shuffle = shuffle;
      return this;
    }

    public Builder dropLast(boolean dropLast) {
      this.dropLast = dropLast;
      return this;
    }

    public Builder parity(boolean parity) {
      this.parity = parity;
      return this;
    }

    public Builder routerAuxLossCoefficient(@Nullable Double routerAuxLossCoefficient) {
      this.routerAuxLossCoefficient = routerAuxLossCoefficient;
      return this;
    }

    public Builder dropout(@Nullable Double dropout) {
      this.dropout = dropout;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules
     */
    public TrainingConfig build() {
      return new TrainingConfig(
          epochs,
          maxSteps,
          batchSize,
          gradientAccumulationSteps,
          maxGradNorm,
          loggingSteps,
          evalSteps,
          saveSteps,
          saveTotalLimit,
          seed,
          replicas,
          computeDtype,
          shuffle,
          dropLast,
          parity,
          routerAuxLossCoefficient,
          dropout);
    }
  }
}
