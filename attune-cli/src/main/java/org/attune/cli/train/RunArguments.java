package org.attune.cli.train;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.attune.cli.terminal.ExitCode;
import org.attune.cli.terminal.Interruption;
import org.attune.cli.terminal.ProgressBar;
import org.attune.run.RunConfig;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.yaml.ConfigReader;
import org.attune.train.session.Progress;
import org.attune.train.session.StopRequest;
import org.attune.train.session.TrainingSession;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every training is given on the command line, and how it runs in the program's process. */
final class RunArguments {
  @Parameters(paramLabel = "CONFIG.yaml", description = "The run's settings.")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Replaces a setting of the file, such as training.seed=7. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--resume",
      description = "Goes on with the run from its latest checkpoint; starts over without one.")
  private boolean resume;

  /** A trainer, once it has its settings. */
  interface Training<C extends RunConfig> {
    Path run(C config, TrainingSession.Mode mode, Progress progress, StopRequest stop);
  }

  <C extends RunConfig> int train(Class<C> type, CommandLine command, Training<C> training)
      throws Exception {
    C config = ConfigReader.read(file, type, overrides);
    TrainingSession.Mode mode = resume ? TrainingSession.Mode.RESUME : TrainingSession.Mode.NEW;
    StopRequest stop = new StopRequest();
    Path model;
    try (ProgressBar progress = ProgressBar.on(command.getErr())) {
      model = Interruption.stoppingOn(stop, () -> training.run(config, mode, progress, stop));
    }
    RunFolder run = RunFolder.open(config.runDir());
    return run.state().filter(Event.State.STOPPED::equals).isPresent()
        ? stopped(model, command)
        : finished(run, model, command);
  }

  private int stopped(Path checkpoint, CommandLine command) {
    command
        .getErr()
        .println(
            "Stopped. The last checkpoint is %s; the same command with --resume goes on from it."
                .formatted(checkpoint));
    return ExitCode.INTERRUPTED.code();
  }

  private static int finished(RunFolder run, Path model, CommandLine command) {
    PrintWriter err = command.getErr();
    Map<Integer, Map<String, Double>> metrics = EventLog.metrics(run.events());
    metrics.entrySet().stream()
        .reduce((earlier, later) -> later)
        .ifPresent(
            last ->
                err.println(
                    "Finished after %,d steps: %s"
                        .formatted(last.getKey(), figures(last.getValue()))));
    err.println("Report: " + run.path().resolve("report.html"));
    command.getOut().println(model);
    command.getOut().flush();
    return ExitCode.DONE.code();
  }

  private static String figures(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(value -> String.format(Locale.ROOT, "%s %.4g", value.getKey(), value.getValue()))
        .collect(Collectors.joining(", "));
  }
}
