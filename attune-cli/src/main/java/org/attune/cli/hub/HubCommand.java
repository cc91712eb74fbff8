package org.attune.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune hub}. */
@Command(
    name = "hub",
    description = "Downloads from and uploads to a hub such as huggingface.co.",
    subcommands = {DownloadCommand.class, PushCommand.class})
public final class HubCommand implements Runnable {
  @Spec private CommandSpec spec;

  private HubCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Do what with the hub? Name a command.");
  }
}
