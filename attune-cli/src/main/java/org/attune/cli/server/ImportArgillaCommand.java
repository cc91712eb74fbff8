package org.attune.cli.server;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.ExitCode;
import org.attune.cli.terminal.ProgressBar;
import org.attune.feedback.client.ClientSettings;
import org.attune.feedback.client.FeedbackClient;
import org.attune.server.transfer.ArgillaImport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune server import-argilla}: what an Argilla server holds, on a server of Attune's. */
@Command(
    name = "import-argilla",
    description = "Copies workspaces, datasets, records and answers from a running Argilla server.",
    footer = {
      "",
      "What is here already stays as it is: an import that was cut off is run again.",
      "Keys that are not given come from ARGILLA_API_KEY and ATTUNE_API_KEY.",
      "",
      "Example:",
      "  attune server import-argilla --url http://argilla:6900 --into http://localhost:6901"
    })
final class ImportArgillaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = "The Argilla server, 2.x.")
  private URI url = URI.create("");

  @Option(names = "--api-key", paramLabel = "KEY", description = "The key of an owner there.")
  private @Nullable String apiKey;

  @Option(
      names = "--into",
      paramLabel = "URL",
      description = "The running server of Attune's; default http://localhost:6900.")
  private URI into = URI.create("http://localhost:6900");

  @Option(names = "--into-api-key", paramLabel = "KEY", description = "The key of an owner here.")
  private @Nullable String intoApiKey;

  @Option(
      names = "--workspace",
      paramLabel = "NAME",
      description = "Only this workspace; default all.")
  private @Nullable String workspace;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "Only datasets of this name; default all.")
  private @Nullable String dataset;

  @Option(
      names = "--create-users",
      description = "Make accounts for people who have none here; an owner gives them passwords.")
  private boolean createUsers;

  private ImportArgillaCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    FeedbackClient source = client(url, apiKey, "ARGILLA_API_KEY");
    FeedbackClient target = client(into, intoApiKey, "ATTUNE_API_KEY");
    ArgillaImport.Summary summary;
    try (ProgressBar bar = ProgressBar.on(err)) {
      summary =
          ArgillaImport.run(
              source,
              target,
              new ArgillaImport.Choice(workspace, dataset, createUsers),
              (name, done, total) -> bar.report(name, done, total, Map.of()));
    }
    err.println(
        "%d datasets: %,d records added, %,d were here already."
            .formatted(summary.datasets(), summary.added(), summary.there()));
    summary.problems().forEach(problem -> err.println("left out: " + problem));
    err.flush();
    return (summary.problems().isEmpty() ? ExitCode.DONE : ExitCode.DATA).code();
  }

  private static FeedbackClient client(URI server, @Nullable String key, String variable) {
    String given =
        Optional.ofNullable(key).or(() -> Optional.ofNullable(System.getenv(variable))).orElse("");
    return FeedbackClient.connect(ClientSettings.of(server, given));
  }
}
