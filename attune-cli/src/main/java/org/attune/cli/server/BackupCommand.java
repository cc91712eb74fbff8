package org.attune.cli.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.ProgressBar;
import org.attune.server.backup.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune server backup}: everything that a server keeps, in one file. */
@Command(
    name = "backup",
    description = "Writes everything that a server keeps into one file. The server may run.",
    footer = {
      "",
      "The file holds password hashes and webhook secrets; only its owner may read it.",
      "",
      "Example:",
      "  attune server backup --data feedback --to /backups/feedback-monday.zip"
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private StoreArguments store;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; there must be none of that name.")
  private Path to = Path.of("");

  private BackupCommand() {}

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Backup.Summary summary;
    try (ProgressBar bar = ProgressBar.on(err)) {
      summary =
          Backup.write(
              store.store(System.getenv()),
              to,
              (what, done, total) -> bar.report(what, done, total, Map.of()));
    }
    err.println(
        "Wrote %s: %,d rows of %d tables and %d files, %,d MB."
            .formatted(
                to, summary.rows(), summary.tables(), summary.files(), summary.bytes() >> 20));
    err.flush();
    return 0;
  }
}
