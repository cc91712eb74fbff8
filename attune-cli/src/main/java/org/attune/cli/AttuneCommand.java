package org.attune.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code attune} program: picks the command that the user named and runs it. */
@Command(
    name = "attune",
    description = "Collects human feedback and fine-tunes language models with it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class AttuneCommand implements Runnable {
  @Spec private CommandSpec spec;

  private AttuneCommand() {}

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The program without its process, for tests. */
  static CommandLine commandLine() {
    return new CommandLine(new AttuneCommand());
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }
}
