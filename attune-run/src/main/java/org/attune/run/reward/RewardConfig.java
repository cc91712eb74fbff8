package org.attune.run.reward;

import java.nio.file.Path;
import org.attune.run.AdapterConfig;
import org.attune.run.DataConfig;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.OptimizerConfig;
import org.attune.run.Rules;
import org.attune.run.RunConfig;
import org.attune.run.RunConfigBuilder;
import org.attune.run.ScheduleConfig;
import org.attune.run.Section;
import org.attune.run.TrainingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Settings of reward-model training; its own stand in the section {@code reward}.
 *
 * @param runDir folder of the run; required
 * @param model folder of the model to start from; required
 * @param tokenizer folder of the tokenizer; null, the default, means the model's
 * @param data the preference rows
 * @param training length, portions, logging, checkpoints
 * @param optimizer default AdamW with a learning rate of 1e-4
 * @param schedule default linear
 * @param lora an adapter to train in place of all weights; default none
 * @param maxLength tokens of a sequence, &gt; 1; pairs with a longer side are left out; default
 *     1024
 * @param encoding null, the default, means {@link Encoding#PAIR} for encoders and {@link
 *     Encoding#CONCATENATE} for causal models
 * @param centerRewardsCoefficient weight of the squared sum of both rewards in the loss, &gt; 0,
 *     which keeps rewards near 0; 0.01 is usual; null, the default, leaves it out
 */
@Section("reward")
public record RewardConfig(
    Path runDir,
    String model,
    @Nullable String tokenizer,
    DataConfig data,
    TrainingConfig training,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    AdapterConfig lora,
    int maxLength,
    @Nullable Encoding encoding,
    @Nullable Double centerRewardsCoefficient)
    implements RunConfig {

  public RewardConfig {
    var rules = Rules.ofRun();
    rules.checkRun(runDir, model, tokenizer);
    rules.check(
        training.routerAuxLossCoefficient() == null,
        "training.router-aux-loss-coefficient",
        training.routerAuxLossCoefficient(),
        "must be left out here",
        "Only SFT adds the router's loss.");
    rules.check(maxLength > 1, "reward.max-length", maxLength, "must be > 1", "1024 is usual.");
    rules.check(
        centerRewardsCoefficient == null
            || (centerRewardsCoefficient > 0 && Double.isFinite(centerRewardsCoefficient)),
        "reward.center-rewards-coefficient",
        centerRewardsCoefficient,
        "must be > 0",
        "0.01 is usual; leave it out for none.");
    rules.throwIfBroken();
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .startAt(this)
        .maxLength(maxLength)
        .encoding(encoding)
        .centerRewardsCoefficient(centerRewardsCoefficient);
  }

  /** Builds a {@link RewardConfig}. */
  public static final class Builder extends RunConfigBuilder<Builder> {
    private int maxLength = 1024;
    private @Nullable Encoding encoding;
    private @Nullable Double centerRewardsCoefficient;

    private Builder() {
      optimizer.learningRate(1e-4);
    }

    public Builder maxLength(int maxLength) {
      this.maxLength = maxLength;
      return this;
    }

    public Builder encoding(@Nullable Encoding encoding) {
      this.encoding = encoding;
      return this;
    }

    public Builder centerRewardsCoefficient(@Nullable Double centerRewardsCoefficient) {
      this.centerRewardsCoefficient = centerRewardsCoefficient;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules of all sections
     */
    public RewardConfig build() {
      var rules = Rules.ofRun();
      DataConfig data = rules.section(this.data::build, DataConfig.builder()::build);
      TrainingConfig training =
          rules.section(this.training::build, TrainingConfig.builder()::build);
      OptimizerConfig optimizer =
          rules.section(this.optimizer::build, OptimizerConfig.builder()::build);
      ScheduleConfig schedule =
          rules.section(this.schedule::build, ScheduleConfig.builder()::build);
      AdapterConfig lora = rules.section(this.lora::build, AdapterConfig.builder()::build);
      return rules.whole(
          () ->
              new RewardConfig(
                  runDir,
                  model,
                  tokenizer,
                  data,
                  training,
                  optimizer,
                  schedule,
                  lora,
                  maxLength,
                  encoding,
                  centerRewardsCoefficient));
    }

    @Override
    protected Builder self() {
      return this;
    }
  }
}
