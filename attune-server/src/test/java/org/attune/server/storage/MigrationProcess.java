package org.attune.server.storage;

import java.nio.file.Path;
import java.time.Clock;
import org.attune.server.ServerOptions;
import org.jspecify.annotations.Nullable;

/** Brings a database up to date in a process of its own, for tests that kill it. */
public final class MigrationProcess {

  private static final String[] MIGRATIONS = {"classpath:db/migration", "classpath:db/later"};

  private MigrationProcess() {}

  public static void main(String[] arguments) {
    System.out.println("begin");
    System.out.flush();
    open(
            Path.of(arguments[0]),
            arguments.length == 1
                ? null
                : new ServerOptions.PostgreSql(arguments[1], arguments[2], ""))
        .close();
    System.out.println("end");
  }

  static Database open(Path folder, ServerOptions.@Nullable PostgreSql shared) {
    return shared == null
        ? Databases.embedded(folder, Clock.systemUTC(), MIGRATIONS)
        : Databases.postgresql(
            shared.address(), shared.user(), shared.password(), Clock.systemUTC(), MIGRATIONS);
  }
}
