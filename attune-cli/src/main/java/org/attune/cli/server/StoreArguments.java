package org.attune.cli.server;

import java.nio.file.Path;
import java.util.Map;
import org.attune.server.ServerOptions;
import org.attune.server.backup.Store;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server keeps its data. */
final class StoreArguments {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept; default attune-data.")
  private Path data = Path.of("attune-data");

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = {
        "A PostgreSQL database, jdbc:postgresql://host/name, instead of a file in --data.",
        "ATTUNE_DATABASE_USER and ATTUNE_DATABASE_PASSWORD sign in there."
      })
  private @Nullable String database;

  Path data() {
    return data;
  }

  ServerOptions.@Nullable PostgreSql database(Map<String, String> environment) {
    return database == null
        ? null
        : new ServerOptions.PostgreSql(
            database,
            environment.getOrDefault("ATTUNE_DATABASE_USER", "attune"),
            environment.getOrDefault("ATTUNE_DATABASE_PASSWORD", ""));
  }

  Store store(Map<String, String> environment) {
    return new Store(data, database(environment));
  }
}
