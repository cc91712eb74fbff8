package org.attune.cli.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.ProgressBar;
import org.attune.server.backup.Restore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune server restore}: a server's data out of a backup. */
@Command(
    name = "restore",
    description = "Makes a server's data of a backup, in a new folder or an empty database.",
    footer = {
      "",
      "Nothing is overwritten. The backup may come from the other kind of database.",
      "",
      "Example:",
      "  attune server restore --from /backups/feedback-monday.zip --data feedback"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private StoreArguments store;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "What attune server backup wrote.")
  private Path from = Path.of("");

  private RestoreCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Restore.Summary summary;
    try (ProgressBar bar = ProgressBar.on(err)) {
      summary =
          Restore.run(
              from,
              store.store(System.getenv()),
              (what, done, total) -> bar.report(what, done, total, Map.of()));
    }
    err.println(
        "Restored %,d rows of %d tables and %d files as they were at %s. Start the server as usual; it makes the search index again."
            .formatted(summary.rows(), summary.tables(), summary.files(), summary.madeAt()));
    err.flush();
    return 0;
  }
}
