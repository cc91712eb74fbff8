package org.attune.cli.data;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune data}. */
@Command(
    name = "data",
    description = "Works with files of rows.",
    subcommands = {InspectCommand.class})
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  private DataCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Do what with the data? Name a command.");
  }
}
