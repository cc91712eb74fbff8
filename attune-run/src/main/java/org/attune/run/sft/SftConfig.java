package org.attune.run.sft;

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
 * Settings of supervised fine-tuning; its own stand in the section {@code sft}.
 *
 * @param runDir folder of the run; required
 * @param model folder of the model to start from; required
 * @param tokenizer folder of the tokenizer; null, the default, means the model's
 * @param data the rows
 * @param training length, portions, logging, checkpoints
 * @param optimizer default AdamW with a learning rate of 2e-5
 * @param schedule default linear
 * @param lora an adapter to train in place of all weights; default none
 * @param maxLength tokens of a sequence, &gt; 1; longer rows are cut at the end; default 1024
 * @param packing default {@link Packing#NONE}
 * @param completionOnlyLoss whether only the completion's tokens are learned; null, the default,
 *     means yes for rows with prompt and completion
 * @param assistantOnlyLoss whether only the assistant's tokens of messages are learned, as the chat
 *     template marks them; default false
 * @param appendEos whether the end token is added to texts that lack it; default true
 */
@Section("sft")
public record SftConfig(
    Path runDir,
    String model,
    @Nullable String tokenizer,
    DataConfig data,
    TrainingConfig training,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    AdapterConfig lora,
    int maxLength,
    Packing packing,
    @Nullable Boolean completionOnlyLoss,
    boolean assistantOnlyLoss,
    boolean appendEos)
    implements RunConfig {

  public SftConfig {
    var rules = Rules.ofRun();
    rules.checkRun(runDir, model, tokenizer);
    rules.check(maxLength > 1, "sft.max-length", maxLength, "must be > 1", "1024 is usual.");
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
        .packing(packing)
        .completionOnlyLoss(completionOnlyLoss)
        .assistantOnlyLoss(assistantOnlyLoss)
        .appendEos(appendEos);
  }

  /** Builds an {@link SftConfig}. */
  public static final class Builder extends RunConfigBuilder<Builder> {
    private int maxLength = 1024;
    private Packing packing = Packing.NONE;
    private @Nullable Boolean completionOnlyLoss;
    private boolean assistantOnlyLoss;
    private boolean appendEos = true;

    private Builder() {}

    public Builder maxLength(int maxLength) {
      this.maxLength = maxLength;
      return this;
    }

    public Builder packing(Packing packing) {
      this.packing = packing;
      return this;
    }

    public Builder completionOnlyLoss(@Nullable Boolean completionOnlyLoss) {
      this.completionOnlyLoss = completionOnlyLoss;
      return this;
    }

    public Builder assistantOnlyLoss(boolean assistantOnlyLoss) {
      this.assistantOnlyLoss = assistantOnlyLoss;
      return this;
    }

    public Builder appendEos(boolean appendEos) {
      this.appendEos = appendEos;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules of all sections
     */
    public SftConfig build() {
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
              new SftConfig(
                  runDir,
                  model,
                  tokenizer,
                  data,
                  training,
                  optimizer,
                  schedule,
                  lora,
                  maxLength,
                  packing,
                  completionOnlyLoss,
                  assistantOnlyLoss,
                  appendEos));
    }

    @Override
    protected Builder self() {
      return this;
    }
  }
}
