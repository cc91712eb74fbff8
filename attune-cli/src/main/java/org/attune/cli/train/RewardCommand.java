package org.attune.cli.train;

import java.util.concurrent.Callable;
import org.attune.run.reward.RewardConfig;
import org.attune.train.reward.RewardTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune train reward}. */
@Command(
    name = "reward",
    description = "Fits a reward model to pairs of texts, the first of which people found better.",
    footer = {
      "",
      "A configuration:",
      "  run-dir: runs/reward",
      "  model: bundled/stories260k",
      "  data: {train: [pairs.jsonl]}"
    })
final class RewardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunArguments run;

  @Override
  public Integer call() throws Exception {
    return run.train(
        RewardConfig.class,
        spec.commandLine(),
        (config, mode, progress, stop) ->
            RewardTrainer.of(config).mode(mode).progress(progress).stoppingOn(stop).train());
  }
}
