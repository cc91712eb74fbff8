package org.attune.cli.quickstart;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.attune.cli.quickstart.QuickstartRecipe.Scale;
import org.attune.cli.terminal.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune quickstart}: the whole loop on bundled data. */
@Command(
    name = "quickstart",
    description = {
      "Turns people's ratings into a better model, on data that is here already.",
      "Takes a few minutes and needs no network."
    })
public final class QuickstartCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "runs/quickstart",
      description = "Folder for everything it makes; must not exist. Default: ${DEFAULT-VALUE}")
  private Path out = Path.of("runs/quickstart");

  @Option(
      names = "--seed",
      defaultValue = "42",
      description = "Source of all randomness. Default: ${DEFAULT-VALUE}")
  private long seed = 42;

  private QuickstartCommand() {}

  @Override
  public void run() {
    PrintWriter messages = spec.commandLine().getErr();
    Path bundled = Path.of(System.getProperty("attune.home", "")).resolve("bundled");
    QuickstartFiles files = QuickstartFiles.create(out);
    QuickstartReport report;
    try (ProgressBar progress = ProgressBar.on(messages)) {
      report =
          new Quickstart(bundled, files, seed, Scale.FULL, new Narrator(messages), progress).run();
    }
    messages.println();
    PrintWriter results = spec.commandLine().getOut();
    results.print(QuickstartTable.of(report));
    results.flush();
  }
}
