package org.attune.cli.train;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune train}: trains a model as a configuration says. */
@Command(
    name = "train",
    description = "Trains a model as a YAML file says.",
    subcommands = {SftCommand.class, RewardCommand.class, PpoCommand.class},
    footer = {
      "",
      "Examples:",
      "  attune train sft sft.yaml",
      "  attune train sft sft.yaml --set optimizer.learning-rate=1e-4 --set training.seed=7",
      "  attune train sft sft.yaml --resume"
    })
public final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which training? Name one of those below.");
  }
}
