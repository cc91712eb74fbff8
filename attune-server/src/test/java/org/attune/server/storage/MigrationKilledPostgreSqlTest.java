package org.attune.server.storage;

import org.attune.server.PostgreSqlCluster;
import org.attune.server.ServerOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The same over PostgreSQL. */
@Tag("postgresql")
class MigrationKilledPostgreSqlTest extends MigrationKilledTest {

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();

  @Override
  ServerOptions.PostgreSql shared(ServerOptions.@Nullable PostgreSql original) {
    return original == null ? cluster.database() : cluster.copyOf(original);
  }

  @AfterEach
  void end() {
    cluster.close();
  }
}
