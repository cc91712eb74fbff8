package org.attune.server.fault;

import org.attune.server.PostgreSqlCluster;
import org.attune.server.ServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The same over PostgreSQL. */
@Tag("postgresql")
class ServerKilledPostgreSqlTest extends ServerKilledTest {

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();

  @Override
  ServerOptions.PostgreSql shared() {
    return cluster.database();
  }

  @AfterEach
  void end() {
    cluster.close();
  }
}
