package org.attune.cli.train;

import java.util.concurrent.Callable;
import org.attune.run.ppo.PpoConfig;
import org.attune.train.ppo.PpoTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune train ppo}. */
@Command(
    name = "ppo",
    description =
        "Lets a language model write, and what a reward model likes of it come more often.",
    footer = {
      "",
      "A configuration:",
      "  run-dir: runs/ppo",
      "  model: bundled/stories260k",
      "  data: {train: [prompts.jsonl]}",
      "  ppo: {reward-model: runs/reward/checkpoints/step-100}"
    })
final class PpoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunArguments run;

  @Override
  public Integer call() throws Exception {
    return run.train(
        PpoConfig.class,
        spec.commandLine(),
        (config, mode, progress, stop) ->
            PpoTrainer.of(config).mode(mode).progress(progress).stoppingOn(stop).train());
  }
}
