package org.attune.run;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings that every kind of training has.
 *
 * <p>In YAML these stand at the top level; a trainer's own settings stand in the section that the
 * record's {@link Section} names.
 */
public interface RunConfig {
  /** The folder of the run. */
  Path runDir();

  /** The model to start from: a folder. */
  String model();

  /** The tokenizer's folder; null means that of the model. */
  @Nullable String tokenizer();

  /** Folders of further models that the training uses, by what they are to it. */
  default Map<String, String> otherModels() {
    return Map.of();
  }

  DataConfig data();

  TrainingConfig training();

  OptimizerConfig optimizer();

  ScheduleConfig schedule();

  AdapterConfig lora();
}
