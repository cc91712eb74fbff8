package org.attune.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import org.attune.cli.data.DataCommand;
import org.attune.cli.doctor.DoctorCommand;
import org.attune.cli.export.ExportCommand;
import org.attune.cli.feedback.FeedbackCommand;
import org.attune.cli.generate.ChatCommand;
import org.attune.cli.generate.GenerateCommand;
import org.attune.cli.generate.ScoreCommand;
import org.attune.cli.generate.TemplateCommand;
import org.attune.cli.generate.TokenizeCommand;
import org.attune.cli.hub.HubCommand;
import org.attune.cli.quickstart.QuickstartCommand;
import org.attune.cli.server.ServerCommand;
import org.attune.cli.terminal.Failures;
import org.attune.cli.terminal.Interruption;
import org.attune.cli.train.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code attune} program: picks the command that the user named and runs it. */
@Command(
    name = "attune",
    description = "Collects human feedback and fine-tunes language models with it.",
    versionProvider = Version.class,
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      GenerateCommand.class,
      ScoreCommand.class,
      TokenizeCommand.class,
      TemplateCommand.class,
      ChatCommand.class,
      ExportCommand.class,
      FeedbackCommand.class,
      DataCommand.class,
      HubCommand.class,
      ServerCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  attune quickstart",
      "  attune train sft sft.yaml --set training.epochs=1",
      "  attune generate --model runs/sft --prompt \"Once upon a time\"",
      "  attune data inspect train.jsonl",
      "",
      "Results go to standard output, messages to standard error.",
      "Exit codes: 0 done, 1 unexpected, 2 usage or configuration, 3 data,",
      "4 model or checkpoint, 5 diverged, 6 disk or memory, 7 hub, 130 interrupted."
    })
public final class AttuneCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on the option itself
  private boolean helpRequested;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on the option itself
  private boolean versionRequested;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Shows the stack trace of an error.")
  private boolean debug;

  private AttuneCommand() {}

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    Interruption.install();
    // UTF-8 whatever the locale says: models write more than ASCII
    CommandLine attune =
        commandLine().setOut(writer(FileDescriptor.out)).setErr(writer(FileDescriptor.err));
    Interruption.exit(attune.execute(arguments));
  }

  /** The program without its process, for tests. */
  public static CommandLine commandLine() {
    AttuneCommand attune = new AttuneCommand();
    Failures failures = new Failures(() -> attune.debug);
    return new CommandLine(attune)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(failures::run)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), UTF_8), true);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }
}
