package org.attune.cli.feedback;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.feedback.FeedbackStatistics;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune feedback stats}: how much people said, and how far they agree. */
@Command(
    name = "stats",
    description = "Shows how much people said, and how far they agree.",
    footer = {"", "Example:", "  attune feedback stats feedback --json"})
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The feedback dataset's folder.")
  private Path store = Path.of("");

  @Option(
      names = "--min-submitted",
      paramLabel = "N",
      description = "How many submitted responses complete a record; default 1.")
  private int minSubmitted = 1;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    FeedbackStatistics statistics = FeedbackStatistics.of(FileStore.read(store), minSubmitted);
    if (json) {
      JsonOutput.print(out, statistics);
      return 0;
    }
    out.println(
        "%,d records, %,d complete; %,d users"
            .formatted(statistics.records(), statistics.completed(), statistics.users()));
    statistics
        .responses()
        .forEach((status, count) -> out.println("  %,d %s".formatted(count, status.key())));
    for (FeedbackStatistics.QuestionStatistics question : statistics.questions()) {
      out.println(
          "%s (%s): %,d answers about %,d records"
              .formatted(question.name(), question.type(), question.answers(), question.records()));
      question
          .distribution()
          .forEach((answer, count) -> out.println("  %s: %,d".formatted(answer, count)));
      Double mean = question.mean();
      if (mean != null) {
        out.println(String.format(Locale.ROOT, "  mean %.3f", mean));
      }
      Agreement agreement = question.agreement();
      Double alpha = agreement == null ? null : agreement.alpha();
      if (agreement != null && alpha != null) {
        out.println(
            String.format(
                Locale.ROOT,
                "  agreement: Krippendorff's alpha %.3f over %,d records",
                alpha,
                agreement.records()));
      }
    }
    out.flush();
    return 0;
  }
}
