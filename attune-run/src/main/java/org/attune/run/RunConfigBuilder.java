package org.attune.run;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The part that the builders of all {@link RunConfig}s have in common.
 *
 * @param <B> the builder itself
 */
public abstract class RunConfigBuilder<B extends RunConfigBuilder<B>> {
  protected Path runDir = Path.of("");
  protected String model = "";
  protected @Nullable String tokenizer;
  protected DataConfig.Builder data = DataConfig.builder();
  protected TrainingConfig.Builder training = TrainingConfig.builder();
  protected OptimizerConfig.Builder optimizer = OptimizerConfig.builder();
  protected ScheduleConfig.Builder schedule = ScheduleConfig.builder();
  protected AdapterConfig.Builder lora = AdapterConfig.builder();

  protected RunConfigBuilder() {}

  protected abstract B self();

  public B runDir(Path runDir) {
    this.runDir = runDir;
    return self();
  }

  public B model(String model) {
    this.model = model;
    return self();
  }

  public B tokenizer(@Nullable String tokenizer) {
    this.tokenizer = tokenizer;
    return self();
  }

  public B data(UnaryOperator<DataConfig.Builder> change) {
    this.data = change.apply(data);
    return self();
  }

  public B training(UnaryOperator<TrainingConfig.Builder> change) {
    this.training = change.apply(training);
    return self();
  }

  public B optimizer(UnaryOperator<OptimizerConfig.Builder> change) {
    this.optimizer = change.apply(optimizer);
    return self();
  }

  public B schedule(UnaryOperator<ScheduleConfig.Builder> change) {
    this.schedule = change.apply(schedule);
    return self();
  }

  public B lora(UnaryOperator<AdapterConfig.Builder> change) {
    this.lora = change.apply(lora);
    return self();
  }

  /** Takes over the settings of {@code config} that all runs have. */
  public B startAt(RunConfig config) {
    this.runDir = config.runDir();
    this.model = config.model();
    this.tokenizer = config.tokenizer();
    this.data = config.data().toBuilder();
    this.training = config.training().toBuilder();
    this.optimizer = config.optimizer().toBuilder();
    this.schedule = config.schedule().toBuilder();
    this.lora = config.lora().toBuilder();
    return self();
  }
}
